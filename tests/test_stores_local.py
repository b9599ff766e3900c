"""The pool of workers: what a stranger's query can do to others, to the machine and to itself.

Nothing here measures time: a query is fast where it is done while another still runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from publish import dataset, errors, query, settings, stores
from publish.stores import Answer, Job, wire
from publish.stores import zygote as forking
from publish.stores import zygotes as pipes
from publish.stores.workers import Errand

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/limits").exists(), reason="no /proc here to look at processes"
)

JSON = "application/sparql-results+json"
YES = b'{"head":{},"boolean":true}'
MIB = 1 << 20
NUMBERS = "".join(f"<http://x/{n}> <http://x/p> {n} .\n" for n in range(3000))
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
NESTED = "SELECT * " + "{" * 8000 + "}" * 8000
HOG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
SMALL = "ASK { <http://x/7> <http://x/p> 7 }"

# A slow query leaves its slot soon, and is never stopped before the test is over.
PATIENT = replace(settings.read({}, {}), query_seconds=600, slow_seconds=0.02, query_workers=2)

Opener = Callable[..., stores.LocalPool]


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> dataset.Dataset:
    path = tmp_path_factory.mktemp("data") / "numbers.ttl"
    path.write_text(NUMBERS, encoding="utf-8")
    return dataset.load_file(path)


@pytest.fixture
def opened(numbers: dataset.Dataset) -> Iterator[Opener]:
    """Open pools that are closed when the test is over."""
    pools: list[stores.LocalPool] = []

    def open_one(**changes) -> stores.LocalPool:
        pool = stores.open_pool(numbers, replace(PATIENT, **changes))
        pools.append(pool)
        pool.wait()
        return pools[-1]

    yield open_one
    for pool in pools:
        pool.close()


def job(text: str, client: str = "", **more) -> Job:
    return Job(text, JSON, rows=10**6, size=64 * MIB, client=client, **more)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what must come to be, on a busy machine too."""
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "it did not come to be"
        # The loop may have a clock that stands.
        time.sleep(0.005)
        await asyncio.sleep(0)


@contextlib.contextmanager
def standing() -> Iterator[Callable[[float], None]]:
    """Let the clock of the loop stand: no query is slow, whatever the machine has to do.

    Gives what lets it go on by some seconds.
    """
    loop = asyncio.get_running_loop()
    now = loop.time()

    def go_on(seconds: float) -> None:
        nonlocal now
        now += seconds

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loop, "time", lambda: now)
        yield go_on


async def small_ones(pool: stores.LocalPool, count: int = 20) -> None:
    for _ in range(count):
        assert (await pool.run(job(SMALL, "another"))).body == YES


async def cancelled(*tasks: asyncio.Task) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


# --- processes, seen from outside ------------------------------------------------------------


def status(process: int) -> list[str]:
    """Give the fields of /proc/PID/stat from the third on; none where there is no process."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def alive(process: int) -> bool:
    return bool(found := status(process)) and found[0] != "Z"


def children(process: int) -> list[int]:
    every = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return [one for one in every if (found := status(one)) and int(found[1]) == process]


def limits(process: int) -> str:
    try:
        return Path(f"/proc/{process}/limits").read_text()
    except OSError:
        return ""


def address_space(process: int) -> int:
    """Give the bytes of address space that a process has in use."""
    pages = Path(f"/proc/{process}/statm").read_text().split()[0]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def files_of(process: int) -> list[str]:
    return sorted(str(path.readlink()) for path in Path(f"/proc/{process}/fd").iterdir())


def allowed(process: int) -> dict[str, str]:
    """Give each limit of a process by its name."""
    return {line[:26].strip(): line[26:].split()[0] for line in limits(process).splitlines()}


def is_worker(process: int) -> bool:
    """Say whether it has given up all that a worker does: memory is the last."""
    found = allowed(process)
    return (
        found.get("Max open files") == "0"
        and found["Max address space"] != allowed(os.getpid())["Max address space"]
    )


def is_double(process: int) -> bool:
    """Say whether it waits as another zygote, and is no worker that was forked just now.

    Before a worker gives up its files, it offers itself to the kernel.
    """
    try:
        offered, ours = (
            Path(f"/proc/{one}/oom_score_adj").read_text() for one in (process, os.getpid())
        )
        return offered == ours and len(files_of(process)) == 4 and not is_worker(process)
    except OSError:
        return False


def forks() -> list[int]:
    """Give the children of this process that are no server of another test; dead ones too."""
    own = command(os.getpid())
    return [one for one in children(os.getpid()) if command(one) in (own, b"")]


def command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def zygote() -> int:
    """Give the one zygote that is a child of this process."""
    (found,) = [one for one in forks() if alive(one)]
    return found


def workers(parent: int) -> list[int]:
    return [one for one in children(parent) if alive(one) and is_worker(one)]


def busy(process: int) -> bool:
    """Say whether it has used 50 ms of processor time: a worker that waits uses none."""
    found = status(process)
    return bool(found) and int(found[11]) >= 5


def gives_way(process: int) -> bool:
    """Say whether it runs only where nothing else wants to."""
    try:
        return os.sched_getscheduler(process) == os.SCHED_IDLE
    except ProcessLookupError:
        return False


async def the_one(look: Callable[[], list[int]]) -> int:
    """Wait until there is one process of a kind, and give it."""
    found: list[int] = []

    def is_one() -> bool:
        # Found by one look: at the next one there may be another.
        found[:] = look()
        return len(found) == 1

    await until(is_one)
    return found[0]


async def the_busy_one() -> int:
    return await the_one(lambda: list(filter(busy, workers(zygote()))))


async def the_double(parent: int) -> int:
    return await the_one(lambda: [one for one in children(parent) if alive(one) and is_double(one)])


@contextlib.contextmanager
def holding(parent: int, but: list[int]) -> Iterator[None]:
    """Let nothing go on of a zygote, but some of its workers."""
    os.kill(parent, signal.SIGSTOP)
    held = [parent]
    try:
        while status(parent)[0] != "T":
            time.sleep(0.001)
        # It forks no other any more.
        for one in children(parent):
            if one not in but:
                os.kill(one, signal.SIGSTOP)
                held.append(one)
        yield
    finally:
        # The zygote last: until then it buries none that has ended.
        for one in reversed(held):
            os.kill(one, signal.SIGCONT)


# --- others are not held up ------------------------------------------------------------------


def test_small_queries_go_on_beside_two_runaways(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        runaways = [asyncio.create_task(pool.run(job(RUNAWAY, "one"))) for _ in range(2)]
        await asyncio.sleep(0)
        await small_ones(pool)
        assert not any(task.done() for task in runaways)
        await cancelled(*runaways)

    asyncio.run(story(opened()))


def test_small_queries_go_on_beside_more_runaways_than_places(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        def begun(client: str) -> asyncio.Task[Answer]:
            return asyncio.create_task(pool.run(job(RUNAWAY, client)))

        # Each client may have two of the four places, whichever of its queries come first.
        tasks = [begun("one") for _ in range(3)]
        await until(lambda: any(task.done() for task in tasks))
        (refused,) = [task.exception() for task in tasks if task.done()]
        assert isinstance(refused, errors.QueryShare)
        tasks += [begun("two"), begun("two")]
        await until(lambda: pool.figures()["queries_long"] == 4)
        with pytest.raises(errors.QueryBusy):
            await begun("three")
        with standing():
            await small_ones(pool)
        # A place that becomes free can be had.
        await cancelled(next(task for task in tasks if not task.done()))
        tasks.append(begun("three"))
        await until(lambda: pool.figures()["queries_long"] == 4)
        with standing():
            await small_ones(pool)
        assert not tasks[-1].done()
        await cancelled(*tasks)

    asyncio.run(story(opened()))


def test_a_query_that_does_not_get_to_run_is_no_long_one_yet(opened: Opener) -> None:
    """On a busy machine a small query takes long too; here its worker is stopped meanwhile."""

    async def story(pool: stores.LocalPool) -> None:
        long = [asyncio.create_task(pool.run(job(RUNAWAY, client))) for client in "aabb"]
        await until(lambda: pool.figures()["queries_long"] == len(long))
        await until(lambda: pool.figures()["workers_idle"] > 0)
        with standing() as go_on:
            small = await begun_but_stopped(pool)
            for _ in range(3):
                # It has left its slot, and is looked at when others count as long.
                go_on(PATIENT.slow_seconds)
                await turns_of_the_loop()
            assert not small.done()
            let_go_on()
            await until(small.done)
        assert (await small).body == YES
        await cancelled(*long)

    asyncio.run(story(opened()))


def test_a_query_that_never_gets_to_run_is_long_in_the_end(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        with standing() as go_on:
            await small_ones(pool, 1)
            small = await begun_but_stopped(pool)
            long = []
            for _ in range(12):
                go_on(PATIENT.slow_seconds)
                await turns_of_the_loop()
                long.append(pool.figures()["queries_long"])
            assert long[:8] == [0] * 8
            assert long[-1] == 1
            let_go_on()
            await until(small.done)

    asyncio.run(story(opened()))


async def begun_but_stopped(pool: stores.LocalPool) -> asyncio.Task[Answer]:
    """Begin a small query whose worker does not run."""
    # None is just being forked: beside workers there is the double alone.
    await the_one(lambda: [one for one in children(zygote()) if alive(one) and not is_worker(one)])
    for one in workers(zygote()):
        if not busy(one):
            os.kill(one, signal.SIGSTOP)
    small = asyncio.create_task(pool.run(job(SMALL, "c")))
    await until(lambda: pool.figures()["queries_short"] == 1)
    return small


def let_go_on() -> None:
    for one in workers(zygote()):
        os.kill(one, signal.SIGCONT)


async def turns_of_the_loop() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_an_answer_that_comes_too_late_is_not_waited_for(opened: Opener) -> None:
    """On a busy machine, what was killed may take long to end; here nobody is there to kill it."""

    async def story(pool: stores.LocalPool) -> None:
        with standing():
            await small_ones(pool)
        first = zygote()
        os.kill(first, signal.SIGSTOP)
        try:
            with pytest.raises(errors.QueryTimeout):
                await asyncio.wait_for(pool.run(job(RUNAWAY)), 60)
            # It goes on, as it must where nobody ends it.
            await the_busy_one()
        finally:
            os.kill(first, signal.SIGCONT)
        await until(lambda: not any(busy(one) for one in workers(first)))

    asyncio.run(story(opened(query_seconds=1.0)))


def test_the_zygote_waits_for_no_worker_that_takes_long_to_end(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine, what was killed may take long to end; here it does until a file is there."""
    now, kill = tmp_path / "now", os.kill

    def kill_late(process: int, number: int) -> None:
        if number != signal.SIGKILL or now.exists():
            kill(process, number)

    monkeypatch.setattr(os, "kill", kill_late)

    async def story(pool: stores.LocalPool) -> None:
        with pytest.raises(errors.QueryTimeout):
            await asyncio.wait_for(pool.run(job(RUNAWAY)), 60)
        dying = await the_busy_one()
        for idle in set(workers(zygote())) - {dying}:
            kill(idle, signal.SIGKILL)
            await until(lambda one=idle: not alive(one))  # type: ignore[misc]
        # The next is run by a worker that the zygote has to fork before.
        small = asyncio.create_task(small_ones(pool))
        with standing():
            await until(small.done)
        await small
        assert alive(dying)
        now.touch()
        kill(dying, signal.SIGKILL)
        await until(lambda: not alive(dying))
        # With the next thing that it does, it gives the number back.
        with pytest.raises(errors.QueryTimeout):
            await asyncio.wait_for(pool.run(job(RUNAWAY)), 60)
        await until(lambda: not status(dying))

    asyncio.run(story(opened(query_seconds=1.0)))


def test_whoever_has_its_share_of_long_queries_costs_the_others_no_worker(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        tasks = [asyncio.create_task(pool.run(job(RUNAWAY, "one"))) for _ in range(2)]
        await until(lambda: pool.figures()["queries_long"] == 2)
        await small_ones(pool)
        # One that answered, and a spare one: no other is being forked.
        await until(lambda: pool.figures()["workers_idle"] == 2 and len(workers(zygote())) == 4)
        before = workers(zygote())
        for _ in range(3):
            with pytest.raises(errors.QueryShare):
                await pool.run(job(RUNAWAY, "one"))
        with holding(zygote(), but=before):
            await asyncio.wait_for(small_ones(pool, 1), 60)
        await cancelled(*tasks)

    asyncio.run(story(opened()))


def test_a_runaway_gives_way_when_others_come_and_not_before(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        task = asyncio.create_task(pool.run(job(RUNAWAY)))
        await until(lambda: pool.figures()["queries_long"] == 1)
        worker = await the_busy_one()
        assert not gives_way(worker)
        await small_ones(pool)
        await until(lambda: gives_way(worker))
        await cancelled(task)

    asyncio.run(story(opened()))


def test_of_two_runaways_one_gives_way_at_once(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        tasks = [asyncio.create_task(pool.run(job(RUNAWAY))) for _ in range(2)]
        await until(lambda: pool.figures()["queries_long"] == 2)
        await until(lambda: any(map(gives_way, workers(zygote()))))
        await cancelled(*tasks)

    asyncio.run(story(opened()))


def test_whoever_has_its_share_of_long_queries_gives_way_with_the_next(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        tasks = [asyncio.create_task(pool.run(job(RUNAWAY, "one"))) for _ in range(2)]
        await until(lambda: pool.figures()["queries_long"] == 2)
        with standing() as go_on:
            late = asyncio.create_task(pool.run(job(RUNAWAY, "one")))
            await until(lambda: sum(map(gives_way, workers(zygote()))) == 2)
            # Before it is told that it is one too many, which is after an eighth.
            go_on(PATIENT.slow_seconds / 16)
            await until(lambda: sum(map(gives_way, workers(zygote()))) == 3)
            assert not late.done()
        await cancelled(*tasks, late)

    asyncio.run(story(opened()))


def test_many_small_queries_at_once_are_all_answered(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        answers = await asyncio.gather(*(pool.run(job(SMALL, f"{n % 7}")) for n in range(200)))
        assert {answer.body for answer in answers} == {YES}

    asyncio.run(story(opened(slow_seconds=60)))


# --- what ends a query -----------------------------------------------------------------------


def outcome(pool: stores.LocalPool, text: str, **more) -> object:
    """Run one query, and then a small one, which must be answered whatever became of the first."""

    async def story() -> object:
        try:
            found: object = await pool.run(job(text, **more))
        except errors.FolkmoteError as error:
            found = error
        with standing():
            await small_ones(pool, 3)
        return found

    return asyncio.run(story())


@pytest.mark.parametrize("slow_seconds", [0.02, 60])
def test_a_query_is_ended_at_the_time_limit(opened: Opener, slow_seconds: float) -> None:
    found = outcome(opened(query_seconds=0.1, slow_seconds=slow_seconds), RUNAWAY)
    assert isinstance(found, errors.QueryTimeout)
    assert str(found) == "the query ran longer than 0.1 seconds; ask for less, or in parts"


@pytest.mark.parametrize(
    "text",
    [
        NESTED,
        "SELECT * { FILTER" + "(" * 8000 + "1" + ")" * 8000 + "}",
        "SELECT * {" + "OPTIONAL{?s ?p ?o}" * 8000 + "}",
    ],
)
def test_a_query_that_breaks_the_parser_breaks_only_its_worker(opened: Opener, text: str) -> None:
    found = outcome(opened(), text)
    assert isinstance(found, errors.QueryTooComplex)


def test_a_query_that_takes_too_much_memory_breaks_only_its_worker(opened: Opener) -> None:
    found = outcome(opened(query_memory=64 * MIB), HOG)
    assert isinstance(found, errors.QueryTooLarge)
    assert "more than 67108864 bytes of memory" in str(found)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT * { ?s", errors.QuerySyntaxError),
        ("SELECT * { ?s ?p '\ud800' }", errors.QuerySyntaxError),
        ("SELECT (<http://x/f>(1) AS ?x) {}", errors.QueryRefused),
        ("DESCRIBE <http://x/7>", errors.NotAcceptable),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", errors.QueryRefused),
    ],
)
def test_what_a_worker_refuses_is_said_as_it_was_meant(opened: Opener, text, error) -> None:
    found = outcome(opened(), text)
    assert type(found) is error


def test_a_worker_knows_the_grammar_though_it_can_open_no_file(opened: Opener) -> None:
    found = outcome(opened(), "SELECT * { ?s ?p }")
    assert isinstance(found, errors.QuerySyntaxError)
    assert (found.line, found.column) == (1, 18)
    assert "a variable" in found.expected


def test_an_answer_over_the_limit_is_an_error(opened: Opener) -> None:
    pool = opened()
    everything = "SELECT * { ?s ?p ?o }"
    whole = asyncio.run(pool.run(job(everything)))
    assert whole.rows == 3000
    asked = job(everything)._replace(rows=2999)
    with pytest.raises(errors.QueryTooLarge):
        asyncio.run(pool.run(asked))
    part = asyncio.run(pool.run(asked._replace(partial=True)))
    assert (part.rows, part.complete) == (2999, False)


def test_a_long_answer_comes_whole(opened: Opener) -> None:
    text = "SELECT ?a ?b { ?a ?p ?c . ?b ?q ?d } LIMIT 300000"
    answer = asyncio.run(opened(slow_seconds=60).run(job(text)))
    assert answer.rows == answer.body.count(b'"a":') == 300_000


# --- what a query cannot do ------------------------------------------------------------------


@pytest.mark.parametrize(
    "disguise",
    [
        "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }",
        "PREFIX : <%s> SELECT * { SERVICE:x { ?s ?p ?o } }",
        # The scan must take <'x> for an IRI, the parser does not.
        "SELECT * { BIND(1 AS ?a) FILTER(?a<'x>y' ) SERVICE SILENT <%s> { ?s ?p ?o } # '\n}",
    ],
)
def test_no_disguise_of_service_opens_a_connection(opened: Opener, disguise: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        found = outcome(opened(), disguise % address)
        assert isinstance(found, errors.QueryRefused) or found.rows <= 1  # type: ignore[attr-defined]
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <file:///etc/passwd>",
        "INSERT DATA { <a:a> <a:b> 1 }",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        r"SELECT * { \u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_what_is_no_query_is_refused_before_it_runs(opened: Opener, text: str) -> None:
    service = query.QueryService(opened(), PATIENT)
    with pytest.raises(errors.QueryRefused, match="line 1, column"):
        asyncio.run(service.answer(query.Request(text, JSON)))


def test_from_reads_no_file(opened: Opener) -> None:
    service = query.QueryService(opened(), PATIENT)
    text = "ASK FROM <file:///etc/passwd> FROM <http://127.0.0.1:9/> { ?s ?p ?o }"
    answer = asyncio.run(service.answer(query.Request(text, JSON)))
    assert answer.body == b'{"head":{},"boolean":false}'


def test_a_worker_has_its_pipe_and_nothing_else(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        await small_ones(pool)
        # When the loop ends, a spare one that is being forked ends too.
        found = workers(zygote())
        assert found
        for worker in found:
            files = files_of(worker)
            assert files[:3] == ["/dev/null"] * 3
            assert len(files) == 4
            assert files[3].startswith("socket:")
            may = allowed(worker)
            # What the zygote has is the worker's from the start, and is large after many tests.
            room = int(may["Max address space"]) - address_space(zygote())
            assert 32 * MIB < room < 96 * MIB
            assert may["Max file size"] == "0"

    asyncio.run(story(opened(query_memory=64 * MIB)))


def test_the_zygotes_have_one_thread_and_no_files_of_the_server(opened: Opener) -> None:
    with socket.create_server(("127.0.0.1", 0)):
        pool = opened()
        asyncio.run(small_ones(pool))

        for process in (zygote(), asyncio.run(the_double(zygote()))):
            assert len(list(Path(f"/proc/{process}/task").iterdir())) == 1
            files = [str(path.readlink()) for path in Path(f"/proc/{process}/fd").iterdir()]
            assert sorted(name.partition(":")[0] for name in files) == [
                *["/dev/null"] * 3,
                "socket",
            ]


# --- queries that wait behind each other -----------------------------------------------------


async def behind(pool: stores.LocalPool, first: str, count: int) -> list[asyncio.Task[Answer]]:
    """Send a query and small ones at once, which all go to one worker."""
    await small_ones(pool)
    # On a slow machine fewer would wait behind each other.
    pool._pace = 1e-6
    with standing():
        tasks = [asyncio.create_task(pool.run(job(text))) for text in (first, *[SMALL] * count)]
        while pool.figures()["queries_short"] < len(tasks):
            await asyncio.sleep(0)
        (worker,) = pool._shared
        assert worker.load == len(tasks)
    return tasks


def test_many_small_queries_share_a_worker(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        tasks = await behind(pool, SMALL, 7)
        assert {(await task).body for task in tasks} == {YES}
        assert pool.figures()["queries_short"] == 0

    asyncio.run(story(opened(query_workers=8, slow_seconds=60)))


def test_what_waits_behind_a_long_query_goes_to_another_worker(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        runaway, *small = await behind(pool, RUNAWAY, 5)
        assert {(await task).body for task in small} == {YES}
        assert not runaway.done()
        await cancelled(runaway)
        await small_ones(pool)

    asyncio.run(story(opened(query_workers=8, slow_seconds=60)))


def test_a_long_query_waits_behind_none(opened: Opener) -> None:
    """The rest of what a pipe cannot hold could not be taken back."""

    async def story(pool: stores.LocalPool) -> None:
        await small_ones(pool)
        with standing():
            texts = (RUNAWAY, SMALL + " #" + "x" * 99_000)
            runaway, long = (asyncio.create_task(pool.run(job(text))) for text in texts)
            await until(lambda: [one.load for one in pool._shared] == [1, 1])
        assert (await long).body == YES
        await cancelled(runaway)

    asyncio.run(story(opened(query_workers=8, slow_seconds=60)))


def test_what_waits_behind_a_query_that_breaks_its_worker_is_answered(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        breaks, *small = await behind(pool, NESTED, 5)
        with pytest.raises(errors.QueryTooComplex):
            await breaks
        assert {(await task).body for task in small} == {YES}

    asyncio.run(story(opened(query_workers=8, slow_seconds=60)))


@pytest.mark.parametrize("gone", [0, 3], ids=["the first", "one behind it"])
def test_whoever_hangs_up_takes_nothing_from_those_beside(opened: Opener, gone: int) -> None:
    async def story(pool: stores.LocalPool) -> None:
        tasks = await behind(pool, RUNAWAY if gone == 0 else SMALL, 5)
        (worker,) = pool._shared
        left = tasks.pop(gone)
        await cancelled(left)
        assert {(await task).body for task in tasks} == {YES}
        await until(lambda: pool.figures()["queries_short"] == 0)
        await until(lambda: alive(worker.process) == (gone > 0))

    asyncio.run(story(opened(query_workers=8, slow_seconds=60)))


def test_whoever_hangs_up_as_the_answer_comes_takes_nothing_either(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        first, second = await behind(pool, SMALL, 1)
        (worker,) = pool._shared

        def first_is_answered() -> bool:
            worker._read()
            return worker.load < 2

        await until(first_is_answered)
        first.cancel()
        assert (await second).body == YES
        assert worker in pool._idle
        assert alive(worker.process)

    asyncio.run(story(opened(query_workers=8, slow_seconds=60)))


def test_a_worker_that_was_let_go_is_known_as_killed_even_when_it_is_forgotten(
    opened: Opener,
) -> None:
    async def story(pool: stores.LocalPool) -> None:
        worker = await pool._worker_for("", fresh=False, alone=True)
        worker.zygote.let_go(worker.process)
        statuses = [await worker.zygote.end(worker.process) for _ in range(2)]
        assert [os.WTERMSIG(one) for one in statuses] == [signal.SIGKILL] * 2
        pool._end(worker)

    asyncio.run(story(opened(query_workers=8, slow_seconds=60)))


@pytest.mark.parametrize("spent", ["worn", "gave_way"])
def test_a_worker_that_is_spent_is_replaced(opened: Opener, spent: str) -> None:
    async def story(pool: stores.LocalPool) -> None:
        await small_ones(pool)
        worker = await pool._worker_for("", fresh=False, alone=True)
        setattr(worker, spent, True)
        await worker.answer(Errand(1_000), wire.of_job(job(SMALL)))
        await until(lambda: not alive(worker.process))
        await small_ones(pool)

    asyncio.run(story(opened(query_workers=8, slow_seconds=60)))


def test_a_worker_that_works_for_nobody_is_ended(opened: Opener) -> None:
    """What was taken back may have been begun a moment before, and nobody has a clock on it."""

    async def story(pool: stores.LocalPool) -> None:
        worker = await pool._worker_for("", fresh=False, alone=True)
        sent = worker.answer(Errand(100), wire.of_job(job(RUNAWAY)))
        task = asyncio.create_task(sent)
        await until(lambda: busy(worker.process))
        await cancelled(task)
        pool._take_back(worker)
        await until(lambda: not alive(worker.process))
        await small_ones(pool)

    asyncio.run(story(opened(query_workers=8, slow_seconds=60)))


# --- processes that end ----------------------------------------------------------------------


def test_a_client_that_hangs_up_ends_its_worker(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        task = asyncio.create_task(pool.run(job(RUNAWAY)))
        worker = await the_busy_one()
        await cancelled(task)
        await until(lambda: not alive(worker))
        await small_ones(pool)

    asyncio.run(story(opened()))


def test_whoever_hangs_up_while_waiting_leaves_no_gap(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        waiting = [asyncio.create_task(pool.run(job(SMALL))) for _ in range(9)]
        await asyncio.sleep(0)
        await cancelled(*waiting[1::2])
        answers = await asyncio.gather(*waiting[::2])
        assert {answer.body for answer in answers} == {YES}
        await small_ones(pool)

    asyncio.run(story(opened(query_workers=1, slow_seconds=60)))


def test_a_worker_killed_while_it_waits_is_replaced(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        await small_ones(pool)
        for worker in workers(zygote()):
            os.kill(worker, signal.SIGKILL)
        await small_ones(pool)

    asyncio.run(story(opened()))


def test_a_job_whose_worker_is_killed_is_run_once_more_and_then_given_up(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        task = asyncio.create_task(pool.run(job(RUNAWAY)))
        for _ in range(2):
            worker = await the_busy_one()
            assert not task.done()
            os.kill(worker, signal.SIGKILL)
            await until(lambda killed=worker: not alive(killed))  # type: ignore[misc]
        with pytest.raises(errors.StoreUnavailable, match="ended from outside; ask again"):
            await task
        await small_ones(pool)

    asyncio.run(story(opened()))


def test_a_zygote_that_is_killed_is_replaced_by_its_double_again_and_again(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        current = zygote()
        for _ in range(3):
            await small_ones(pool)
            double = await the_double(current)
            before = workers(current)
            os.kill(current, signal.SIGKILL)
            # They die with it, but not at once, and small queries are quick.
            await until(lambda of=before: not any(map(alive, of)))  # type: ignore[misc]
            await small_ones(pool)
            current = double

    asyncio.run(story(opened()))


def test_a_double_takes_over_when_it_can_have_one_of_its_own(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_file(_: pipes.Zygote) -> pipes.Zygote:
        raise OSError(errno.EMFILE, "Too many open files")

    async def story(pool: stores.LocalPool) -> None:
        first = zygote()
        second = await the_double(first)
        with monkeypatch.context() as patched:
            patched.setattr(pipes.Zygote, "double", no_file)
            os.kill(first, signal.SIGKILL)
            await until(lambda: not alive(first))
            with pytest.raises(OSError, match="open files"):
                await pool.run(job(SMALL))
        with standing():
            await small_ones(pool)
            await the_double(second)
            os.kill(second, signal.SIGKILL)
            await until(lambda: not alive(second))
            await small_ones(pool)

    asyncio.run(story(opened()))


@pytest.mark.parametrize("first", [True, False])
def test_one_that_waits_to_take_over_is_prepared_too(
    monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    """What queries need then is not made while they wait for it."""
    prepared = []
    store: Any = SimpleNamespace(prepare=lambda: prepared.append(first))
    monkeypatch.setattr(forking, "_IDLE_SECONDS", 0)
    monkeypatch.setattr(forking, "_SPARE_SECONDS", 0)
    ours, theirs = socket.socketpair()
    try:
        one = forking._Zygote(theirs, store, 0, first=first)
        one._prepare_when_idle()
        one._prepare_when_idle()
    finally:
        gc.unfreeze()
        ours.close()
        theirs.close()
    assert prepared == [first]


def test_a_double_that_is_killed_is_replaced(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        double = await the_double(zygote())
        os.kill(double, signal.SIGKILL)
        await until(lambda: not alive(double))
        await small_ones(pool)
        assert await the_double(zygote()) != double
        first = zygote()
        os.kill(first, signal.SIGKILL)
        await until(lambda: not alive(first))
        await small_ones(pool)

    asyncio.run(story(opened()))


def test_a_double_that_is_killed_leaves_nothing_behind(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        for _ in range(2):
            double = await the_double(zygote())
            os.kill(double, signal.SIGKILL)
            await until(lambda killed=double: not alive(killed))  # type: ignore[misc]
            await small_ones(pool)
            await pool.run(job(SMALL))
            await until(lambda killed=double: not status(killed))  # type: ignore[misc]

    asyncio.run(story(opened()))


def test_a_worker_that_comes_when_nobody_waits_any_more_leaves_nothing_behind(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies: list[asyncio.Future[int]] = []

    async def story(pool: stores.LocalPool) -> None:
        waiting = asyncio.create_task(pool._zygote.worker())

        def awaited(reply: asyncio.Future[int]) -> bool:
            # The client hangs up after the reply was read and before it is taken.
            asyncio.get_running_loop().call_soon(waiting.cancel)
            replies.append(reply)
            return True

        with monkeypatch.context() as patched:
            patched.setattr(pipes, "awaited", awaited)
            with pytest.raises(asyncio.CancelledError):
                await waiting
        (reply,) = replies
        await until(lambda: not alive(reply.result()))
        await small_ones(pool)
        await until(lambda: not status(reply.result()))

    asyncio.run(story(opened()))


def test_a_pool_without_zygotes_says_so(opened: Opener) -> None:
    told: list[str] = []

    async def story(pool: stores.LocalPool) -> None:
        pool.when_lost = lambda: told.append("lost")
        await small_ones(pool)
        assert not told
        for process in (*children(zygote()), zygote()):
            os.kill(process, signal.SIGKILL)
        with pytest.raises(errors.StoreUnavailable, match="when the server has started anew"):
            await pool.run(job(SMALL))
        assert told

    asyncio.run(story(opened()))


def test_closing_leaves_no_process(opened: Opener) -> None:
    async def story(pool: stores.LocalPool) -> None:
        task = asyncio.create_task(pool.run(job(RUNAWAY)))
        await the_busy_one()
        family = [zygote(), *children(zygote())]
        assert len(family) >= 3
        pool.close()
        await until(lambda: not any(alive(one) for one in family))
        with pytest.raises(errors.StoreUnavailable, match="is being stopped"):
            await task
        with pytest.raises(errors.StoreUnavailable, match="is being stopped"):
            await pool.run(job(SMALL))
        pool.close()

    asyncio.run(story(opened()))


SERVER = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from publish import dataset, settings, stores

async def serve():
    runaway = stores.Job(sys.argv[2], "text/csv", 10, 10_000)
    print("ready", flush=True)
    await asyncio.gather(pool.run(runaway), pool.run(runaway))

pool = stores.open_pool(
    dataset.load_file(Path(sys.argv[1])),
    replace(settings.read({}, {}), query_seconds=600, slow_seconds=0.02),
)
asyncio.run(serve())
"""


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_killed_leaves_no_orphan(numbers: dataset.Dataset, ending) -> None:
    command = [sys.executable, "-c", SERVER, str(numbers.root), RUNAWAY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout
        assert server.stdout.readline() == b"ready\n"

        async def story() -> None:
            # One of the two gives way, so beside other work it may get no time at all.
            await until(lambda: len(family()) >= 4 and any(map(busy, family())))
            found = family()
            server.send_signal(ending)
            server.wait()
            await until(lambda: not any(alive(one) for one in found))

        def family() -> list[int]:
            return [below for one in children(server.pid) for below in (one, *children(one))]

        try:
            asyncio.run(story())
        finally:
            server.kill()


# --- beginnings ------------------------------------------------------------------------------


def test_a_pool_serves_one_loop_after_another(opened: Opener) -> None:
    pool = opened()
    for _ in range(3):
        asyncio.run(small_ones(pool))


def test_two_pools_do_not_know_each_other(opened: Opener) -> None:
    first, second = opened(), opened()
    asyncio.run(small_ones(first))
    first.close()
    asyncio.run(small_ones(second))


def test_a_data_set_that_does_not_fit_is_said_at_the_start(numbers, monkeypatch) -> None:
    # In the zygote, where the store is made; this process only hears that it ended.
    monkeypatch.setattr("publish.stores.evaluation.open_store", broken)
    pool = stores.open_pool(numbers, PATIENT)
    with pytest.raises(errors.StoreUnavailable, match="ended while it loaded the data"):
        pool.wait()
    assert not forks()


def broken(*_: object) -> Awaitable[Answer]:
    os._exit(1)
