"""One release follows another: nothing is dropped, nothing mixed, nothing broken taken up."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from publish import errors, supervisor

BROKEN = "<http://a/b> <http://a/c> \n"
ASKED = "/sparql?format=csv&query=SELECT%20%3Fv%20%7B%20%3Fs%20%3Fp%20%3Fv%20%7D"
ENDLESS = (
    "/sparql?query="
    + "SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%20"
    + "".join(f"%3Fa{n}%20%3Fb{n}%20%3Fc{n}%20.%20" for n in range(9)).replace("%20.%20", ".")
    + "%7D"
)
HELD = ASKED + "%20%23%20held"
"""The same as `ASKED`, and never kept from the time before."""


PATIENT = """
from publish.web import connections, server
connections.HEADER_SECONDS = server._IDLE_SECONDS = 600
from publish.cli import main
main()
"""


class Serving:
    """A server of one file, which says what it was told to hold.

    One that is `patient` cuts off no connection that is idle while the next release is loaded.
    One that is `first` inherits the children of what ended, as the first process of a container.
    """

    def __init__(
        self, folder: Path, *, patient: bool = False, first: bool = False, **settings: object
    ) -> None:
        self.path = folder / "data.nt"
        self.log = folder / "log"
        self.write("first")
        named = {f"FOLKMOTE_{name.upper()}": str(value) for name, value in settings.items()}
        program = ["-c", PATIENT] if patient else ["-m", "publish"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, *program, "serve", str(self.path), "--port", "0"],
                env={**os.environ, "FOLKMOTE_LOOK_SECONDS": "0", **named},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
                preexec_fn=inherit if first else None,  # noqa: PLW1509 (no thread runs yet)
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r":(\d+);", line)
        assert found, line + self.log.read_text()
        self.port = int(found[1])

    def write(self, value: str) -> None:
        """Put another file in the place of the one that is served, in one step."""
        lines = "".join(f'<http://a/{n}> <http://a/b> "{value}" .\n' for n in range(30))
        self.replace(lines)

    def replace(self, text: str) -> None:
        new = self.path.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(self.path)

    def connect(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.connect()
        return connection

    def holds(self) -> str:
        with contextlib.closing(self.connect()) as connection:
            return asked(connection)

    def events(self, event: str) -> list[dict]:
        lines = (line.partition("{") for line in self.log.read_text().splitlines())
        told = [json.loads(brace + rest) for _, brace, rest in lines if brace]
        return [one for one in told if one["event"] == event]

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def take_over(self, value: str) -> None:
        before = len(self.events("taken-over"))
        self.write(value)
        self.signal(signal.SIGHUP)
        until(lambda: len(self.events("taken-over")) > before)

    def servers(self) -> list[int]:
        return children(self.process.pid)


def asked(connection: http.client.HTTPConnection, path: str = ASKED) -> str:
    """Ask on a connection, and give the one value that every row has."""
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    if path != ASKED:
        return f"{answer.status} {text}"
    (value,) = set(text.split()[1:])
    assert len(text.split()) == 31
    return value


def inherit() -> None:
    """Become the parent of those below whose parent ends (PR_SET_CHILD_SUBREAPER)."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(one) for one in found.read_text().split()] if found.exists() else []


def state(process: int) -> str:
    """Give the letter of /proc/PID/stat; none where there is no process."""
    try:
        found = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2]
    except OSError:
        return ""
    return found.split()[0]


def alive(process: int) -> bool:
    return state(process) not in ("", "Z")


@contextlib.contextmanager
def holding(server: int) -> Iterator[None]:
    """Let nothing answer the queries of a server: what is asked now is under way until the end."""
    (zygote,) = children(server)
    stopped = [zygote]
    os.kill(zygote, signal.SIGSTOP)
    try:
        until(lambda: state(zygote) == "T")
        # It forks no other any more.
        for one in children(zygote):
            stopped.append(one)
            os.kill(one, signal.SIGSTOP)
        yield
    finally:
        for one in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGCONT)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[..., Serving]]:
    made: list[Serving] = []

    def start(**how: Any) -> Serving:
        made.append(Serving(tmp_path, **how))
        return made[-1]

    yield start
    for one in made:
        if one.process.poll() is None:
            one.signal(signal.SIGINT)
            one.signal(signal.SIGINT)
        one.process.communicate(timeout=60)


# --- a new release ---------------------------------------------------------------------------


def test_nothing_is_dropped_or_mixed_and_no_old_answer_follows_a_new_one(serving) -> None:
    """Ask on lasting and on new connections while three releases follow each other."""
    served = serving()
    seen: list[tuple[float, float, str]] = []
    wrong: list[Exception] = []
    over = threading.Event()

    def ask(lasting: bool) -> None:
        try:
            connection = served.connect()
            while not over.is_set():
                if not lasting or connection.sock is None:
                    connection.close()
                    connection = served.connect()
                begun = time.monotonic()
                value = asked(connection)
                seen.append((begun, time.monotonic(), value))
            connection.close()
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask, args=(number % 2 == 0,)) for number in range(6)]
    for thread in threads:
        thread.start()
    until(lambda: bool(seen or wrong))
    for value in ("second", "third"):
        served.take_over(value)
        until(lambda new=value: new in {one[2] for one in tuple(seen)} or bool(wrong))  # type: ignore[misc]
    over.set()
    for thread in threads:
        thread.join()
    assert not wrong
    order = ["first", "second", "third"]
    assert {one[2] for one in seen} == set(order)
    for rank, value in enumerate(order[1:], 1):
        known = min(ended for _, ended, found in seen if found == value)
        late = [found for begun, _, found in seen if begun > known and order.index(found) < rank]
        assert not late


def test_a_connection_outlives_the_server_that_took_it(serving) -> None:
    served = serving(patient=True)
    with contextlib.closing(served.connect()) as connection:
        assert asked(connection) == "first"
        place = connection.sock.getsockname()
        served.take_over("second")
        assert asked(connection) == "second"
        assert connection.sock.getsockname() == place


def test_many_idle_connections_are_handed_over(serving) -> None:
    served = serving(patient=True)
    with contextlib.ExitStack() as stack:
        idle = [stack.enter_context(contextlib.closing(served.connect())) for _ in range(450)]
        assert asked(idle[0]) == "first"
        served.take_over("second")
        assert {asked(one) for one in idle} == {"second"}


def test_an_answer_that_is_under_way_ends_where_it_began(serving) -> None:
    served = serving(query_seconds=600, stop_seconds=600)
    (server,) = served.servers()
    answers: list[str] = []
    with contextlib.closing(served.connect()) as connection:
        slow = threading.Thread(target=lambda: answers.append(asked(connection, HELD)))
        with holding(server):
            slow.start()
            until(lambda: "folkmote_queries_running 1.0" in metrics(served))
            served.take_over("second")
            assert served.holds() == "second"
            assert not answers
        slow.join()
    assert answers[0].startswith("200 ")
    assert answers[0].count("first") == 30
    until(lambda: len(served.servers()) == 1)


def metrics(served: Serving) -> str:
    with contextlib.closing(served.connect()) as connection:
        return asked(connection, "/metrics")


def test_half_a_request_is_answered_all_the_same(serving) -> None:
    served = serving(patient=True)
    with contextlib.closing(served.connect()) as connection:
        head = f"GET {ASKED} HTTP/1.1\r\nHost: x\r\n".encode()
        connection.sock.sendall(head)
        until(lambda: served.holds() == "first")
        served.write("second")
        served.signal(signal.SIGHUP)
        until(lambda: served.holds() == "second")
        connection.sock.sendall(b"\r\n")
        answer = connection.sock.recv(65_536)
    assert b"first" in answer
    assert b"connection: close" in answer


def test_what_is_served_is_looked_after(serving) -> None:
    served = serving(look_seconds=1)
    served.write("second")
    until(lambda: served.holds() == "second")
    served.replace(BROKEN)
    until(lambda: bool(served.events("refused")))
    served.write("third")
    until(lambda: served.holds() == "third")
    assert len(served.events("refused")) == 1


def test_a_broken_release_is_refused_and_the_old_one_goes_on(serving) -> None:
    served = serving()
    served.replace(BROKEN)
    served.signal(signal.SIGHUP)
    until(lambda: bool(served.events("refused")))
    assert served.holds() == "first"
    assert "data.nt:" in served.log.read_text()
    served.take_over("second")
    assert served.holds() == "second"


def test_what_is_broken_at_the_start_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "data.nt"
    path.write_text(BROKEN)
    done = subprocess.run(
        [sys.executable, "-m", "publish", "serve", str(path), "--port", "0"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 3
    assert "data.nt:" in done.stderr
    assert "Traceback" not in done.stderr


# --- ends ------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_lets_answers_end_and_takes_nothing_new(serving, how: int) -> None:
    served = serving(query_seconds=600, stop_seconds=600)
    (server,) = served.servers()
    answers: list[str] = []
    with contextlib.closing(served.connect()) as connection:
        slow = threading.Thread(target=lambda: answers.append(asked(connection, HELD)))
        with holding(server):
            slow.start()
            until(lambda: "folkmote_queries_running 1.0" in metrics(served))
            served.signal(how)
            until(lambda: refused(served.port))
            assert not answers
        slow.join()
    assert answers[0].startswith("200 ")
    assert answers[0].count("first") == 30
    assert served.process.wait(60) == 0


def refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_stop_has_a_limit(serving) -> None:
    served = serving(query_seconds=600, stop_seconds=1)
    with contextlib.closing(served.connect()) as connection:
        connection.request("GET", ENDLESS)
        until(lambda: "folkmote_queries_running 1.0" in metrics(served))
        served.signal(signal.SIGTERM)
        assert served.process.wait(60) == 0


def test_ctrl_c_in_a_terminal_reaches_all_and_ends_all_in_order(serving) -> None:
    served = serving()
    below = served.servers()
    os.killpg(served.process.pid, signal.SIGINT)
    assert served.process.wait(60) == 0
    assert not any(alive(one) for one in below)
    assert "Traceback" not in served.log.read_text()


def test_a_server_that_was_killed_is_started_again_and_the_address_stays(serving) -> None:
    served = serving()
    (server,) = served.servers()
    os.kill(server, signal.SIGKILL)
    until(lambda: not alive(server))
    assert served.holds() == "first"
    assert served.events("ended")
    assert served.servers() != [server]


def test_a_server_that_lost_what_answers_its_queries_is_started_again(serving) -> None:
    served = serving()
    (server,) = served.servers()
    (zygote,) = children(server)
    for process in (*children(zygote), zygote):
        os.kill(process, signal.SIGKILL)

    def answers() -> bool:
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            contextlib.closing(served.connect()) as connection,
        ):
            connection.request("GET", ASKED)
            return bool(connection.getresponse().status == 200)
        return False

    until(answers)
    assert served.holds() == "first"
    assert served.events("lost") == [{"event": "lost", "process": server}]
    assert served.servers() != [server]


def test_the_first_process_of_a_container_buries_what_servers_leave(serving) -> None:
    served = serving(first=True)
    (server,) = served.servers()
    left = children(server)
    assert left
    os.kill(server, signal.SIGKILL)
    until(lambda: served.holds() == "first" and len(served.servers()) == 1)
    until(lambda: not any(state(one) for one in (server, *left)))


def test_a_server_whose_supervisor_was_killed_ends_too(serving) -> None:
    served = serving()
    (server,) = served.servers()
    served.signal(signal.SIGKILL)
    served.process.wait()
    until(lambda: not alive(server))
    assert refused(served.port)
    assert served.events("orphaned")


def test_an_address_in_use_is_said_before_anything_is_loaded() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(errors.ListenError, match=f"port {port} of 127.0.0.1 is in use"):
            supervisor.bind("127.0.0.1", port)


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.EACCES, "needs more rights than you have; set a --port above 1023"),
        (errno.EADDRINUSE, "is in use; stop what listens there or set another --port"),
        (errno.EADDRNOTAVAIL, "cannot listen on port 80 of here: .*; set another --host or --port"),
    ],
)
def test_why_nobody_can_listen_at_an_address_is_told_with_what_to_do(
    number: int, advice: str
) -> None:
    error = supervisor.cannot(OSError(number, os.strerror(number)), "here", 80)
    assert re.search(advice, str(error))
