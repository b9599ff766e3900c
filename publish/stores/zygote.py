"""The processes behind the pool: the zygote that holds the store, and the workers it forks.

A zygote is a fork of the server, made before there is a socket or a thread. It holds the store
and waits for orders: to fork a worker or another zygote, each of which shares its memory until
it writes there; to make a worker give way; to end one and tell its status. A worker reads a job,
answers it and waits for the next. It has its pipe and nothing else: no other file, no socket,
no more memory than allowed, so a query can open nothing, whatever it says; of a store on disk it
reads the files. When the server ends,
however it ends, its side of the pipes closes; the zygotes end at that, and take the workers along.

Everything in here runs in those processes, but for `start`. Linux, and as far as it goes macOS.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import faulthandler
import gc
import os
import platform
import resource
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

from publish import errors
from publish.dataset import Dataset
from publish.stores import evaluation, inbox, receiving, requests, wire
from publish.stores.jobs import Job, Unreadable
from publish.stores.reading import Reading

READ, UNWRITTEN, READY = b"d", b"u", b"r"
"""What a zygote says when it has read the data set, where that is its work, and has written it down
or could not; when the store is loaded."""

_UNFORESEEN = 70
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_FILTER = 2
_LOAD, _IS, _RETURN = 0x20, 0x15, 0x06
_AT_CALL, _AT_MACHINE = 0, 4
_REFUSED, _ALLOWED = 0x00050000, 0x7FFF0000
_SOCKET = MappingProxyType({"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)})
"""By machine, its number and that of the call `socket` (linux/audit.h, asm/unistd.h)."""
_NICE = 10
_IDLE_SECONDS, _SPARE_SECONDS = 2, 15
"""How long nobody must want anything before there is time for preparations; of one that only waits
to take over, when the first has done with its own."""


@dataclass(frozen=True)
class Plan:
    """What a zygote is made from; `memory` is what a query may use, in bytes.

    Where the data are on disk, `place` is their store.
    """

    data: Dataset | Reading
    default_graph: str
    memory: int
    place: Path | None = None

    def open_store(self, dataset: Dataset) -> evaluation.LocalStore:
        """Load the data, or open the store that holds them."""
        if self.place is None:
            return evaluation.open_store(dataset, self.default_graph)
        return evaluation.open_disk(dataset, self.place)


def start(plan: Plan) -> tuple[int, socket.socket, socket.socket]:
    """Fork a zygote from this process, which forks its double when it has loaded the store.

    Gives the process of the first and our ends of both pipes; the first sends `READ` or `UNWRITTEN`
    where it reads the data set, and `READY`.
    """
    ours, theirs = socket.socketpair()
    double_ours, double_theirs = socket.socketpair()
    process = os.fork()
    if process == 0:
        _become(lambda: _load_and_serve(plan, theirs, double_theirs))
    theirs.close()
    double_theirs.close()
    return process, ours, double_ours


def _become(life: Callable[[], None]) -> NoReturn:
    """Live another life in a fresh fork, and never come back into the one it was forked from."""
    code = _UNFORESEEN
    try:
        life()
        code = 0
    finally:
        # No exit handler, no flush and no test runner of the parent may run here.
        os._exit(code)


def _load_and_serve(plan: Plan, pipe: socket.socket, double: socket.socket) -> None:
    # Ctrl-C reaches every process of a terminal; the server decides what follows from it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    faulthandler.disable()
    store = _loaded(plan, pipe, double)
    # What is frozen is not visited by the collector, whose marks would copy every page.
    gc.collect()
    gc.freeze()
    gc.enable()
    zygote = _Zygote(pipe, store, plan.memory, first=True)
    zygote.fork_double(double)
    double.close()
    pipe.sendall(READY)
    zygote.serve()


def _loaded(plan: Plan, pipe: socket.socket, double: socket.socket) -> evaluation.LocalStore:
    dataset = plan.data
    if isinstance(dataset, Reading):
        # Before all other files are closed: it may have something to tell.
        dataset, written = dataset.write()
        pipe.sendall(READ if written else UNWRITTEN)
    _keep_only(pipe, double)
    store = plan.open_store(dataset)
    store.load()
    return store


class _Zygote:
    """Carries out orders until its pipe is closed."""

    def __init__(
        self,
        pipe: socket.socket,
        store: evaluation.LocalStore,
        memory: int,
        *,
        first: bool = False,
        prepared: bool = False,
    ) -> None:
        self._pipe = pipe
        self._store = store
        self._memory = memory
        self._workers: set[int] = set()
        self._dying: set[int] = set()
        self._doubles: set[int] = set()
        self._process = os.getpid()
        # One that only waits to take over has time for them: when it does, there is none.
        self._begun = first
        self._prepared = prepared

    def serve(self) -> None:
        while order := self._order():
            letter, process, pipe = order
            reply = 0
            if letter == wire.FORK_WORKER and pipe:
                reply = self._fork(self._work, pipe)
                self._workers.add(reply)
            elif letter == wire.FORK_ZYGOTE and pipe:
                reply = self.fork_double(pipe)
            elif letter == wire.YIELD and process in self._workers:
                _give_way(process)
            elif letter == wire.LET_GO and process in self._workers:
                self._let_go(process)
            elif letter == wire.END:
                # One that was let go before may have been buried since.
                known = process in self._workers | self._dying
                reply = self._end(process) if known else int(signal.SIGKILL)
            if pipe:
                pipe.close()
            self._pipe.sendall(wire.OBEYED.pack(reply))
            self._bury()
        for worker in (*self._workers, *self._dying):
            self._end(worker)

    def _prepare_when_idle(self) -> None:
        """Prepare the store for the workers to come, as soon as nobody wants anything."""
        seconds = _IDLE_SECONDS if self._begun else _SPARE_SECONDS
        if not self._prepared and not select.select([self._pipe], [], [], seconds)[0]:
            self._store.prepare()
            gc.collect()
            gc.freeze()
            self._prepared = True

    def fork_double(self, pipe: socket.socket) -> int:
        """Fork the zygote that takes over when this one is gone."""
        process = self._fork(self._live_on, pipe)
        self._doubles.add(process)
        return process

    def _order(self) -> tuple[bytes, int, socket.socket | None] | None:
        self._prepare_when_idle()
        read, files, _, _ = socket.recv_fds(self._pipe, wire.ORDER.size, 1)
        while read and len(read) < wire.ORDER.size:
            more = self._pipe.recv(wire.ORDER.size - len(read))
            read = read + more if more else b""
        if not read:
            return None
        self._begun = True
        letter, process = wire.ORDER.unpack(read)
        return letter, process, socket.socket(fileno=files[0]) if files else None

    def _fork(self, life: Callable[[socket.socket], None], pipe: socket.socket) -> int:
        process = os.fork()
        if process == 0:
            _become(lambda: life(pipe))
        return process

    def _live_on(self, pipe: socket.socket) -> None:
        # The workers stay with the one that forked them.
        _keep_only(pipe)
        _Zygote(pipe, self._store, self._memory, prepared=self._prepared).serve()

    def _end(self, worker: int) -> int:
        """End a worker, dead or alive, and give its status; nobody else can have its number."""
        self._let_go(worker)
        self._dying.discard(worker)
        return os.waitpid(worker, 0)[1]

    def _let_go(self, worker: int) -> None:
        """End a worker and do not wait: on a busy machine one that gave way takes long to end."""
        self._workers.discard(worker)
        self._dying.add(worker)
        _hurry(worker)
        os.kill(worker, signal.SIGKILL)

    def _bury(self) -> None:
        """Give back the numbers of the processes that have ended by now."""
        self._dying = {one for one in self._dying if not _ended(one)}
        # Nobody ends them but from outside.
        self._doubles = {one for one in self._doubles if not _ended(one)}

    def _work(self, pipe: socket.socket) -> None:
        _die_with(self._process)
        _offer_to_the_kernel()
        _keep_only(pipe)
        store = self._store.opened()
        _limit(_memory_now() + self._memory, on_disk=store.place is not None)
        waiting = inbox.Inbox(pipe)
        while (job := waiting.next()) is not None:
            begun = time.perf_counter_ns()
            told, body = _outcome(store, job)
            pipe.sendall(wire.reply(told, body, time.perf_counter_ns() - begun))


def _ended(process: int) -> bool:
    """Say whether a child has ended, and give back its number if so."""
    return os.waitpid(process, os.WNOHANG)[0] != 0


def _give_way(process: int) -> None:
    """Let a process run only where nothing else wants to."""
    os.setpriority(os.PRIO_PROCESS, process, _NICE)
    if sys.platform == "linux":
        # By its nice value alone it would keep others waiting to the end of its turn.
        os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))


def _hurry(process: int) -> None:
    """Let a process that gave way run as others do, where that is allowed: also to end takes time."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.sched_setscheduler(process, os.SCHED_OTHER, os.sched_param(0))


def _outcome(store: evaluation.LocalStore, job: Job) -> tuple[bytes, bytes]:
    """Carry out a job; give what is told of the answer, or why there is none, and its body."""
    try:
        if job.elsewhere is not None:
            return wire.of_answer(receiving.work(store, job, job.elsewhere))
        if job.unread is None:
            answer = evaluation.evaluate(store, job)
        else:
            job, read = requests.read(job, job.unread)
            answer = evaluation.evaluate(store, job)._replace(read=read)
        return wire.of_answer(answer._replace(worn=store.merging.worn))
    except (
        errors.QueryError,
        errors.NotAcceptable,
        errors.StoreAnswerError,
        Unreadable,
    ) as failure:
        return wire.of_failure(failure)
    except MemoryError:
        return wire.of_failure(
            errors.QueryTooLarge("the answer needs more memory than allowed; ask for less")
        )


# --- giving things up ------------------------------------------------------------------------


def _keep_only(*pipes: socket.socket) -> None:
    """Close every file but the pipes, and let the standard ones lead nowhere.

    A pipe keeps its number, which no object of the parent can own and so none can close.
    """
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    begin = 3
    for kept in sorted(pipe.fileno() for pipe in pipes):
        os.closerange(begin, kept)
        begin = kept + 1
    os.closerange(begin, most if most > 0 else 1 << 20)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)


def _limit(memory: int, *, on_disk: bool) -> None:
    """Allow no file, no socket and no memory beyond a size (bytes of address space).

    A store on disk is read from many files, and the engine opens most of them when they are
    wanted: there files can be read, and sockets are refused by themselves.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if on_disk:
        _refuse_sockets()
    else:
        # What is open stays open: the pipe.
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _refuse_sockets() -> None:
    """Let the kernel refuse to make a socket (Linux, seccomp); elsewhere the scan stands alone."""
    known = _SOCKET.get(platform.machine()) if sys.platform == "linux" else None
    if known is None:
        return
    machine, call = known
    steps = (
        (_LOAD, 0, 0, _AT_MACHINE),
        (_IS, 0, 3, machine),
        (_LOAD, 0, 0, _AT_CALL),
        (_IS, 0, 1, call),
        (_RETURN, 0, 0, _REFUSED | errno.EACCES),
        (_RETURN, 0, 0, _ALLOWED),
    )
    written = b"".join(struct.pack("=HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(written, len(written))
    program = struct.pack("@HP", len(steps), ctypes.addressof(held))
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_SECCOMP, _FILTER, program, 0, 0)


def _memory_now() -> int:
    """Give the bytes of address space in use; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def _offer_to_the_kernel() -> None:
    """Let a machine that runs out of memory end this process before the server."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _die_with(parent: int) -> None:
    """Be killed when the parent ends, even in the middle of a query."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)
