"""Both ends of a worker's pipe: jobs that wait behind each other, and what becomes of them.

The process at the other end is played by the test, which sees what is sent and answers it.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator

import pytest

from publish import errors
from publish.stores import Answer, Job, wire
from publish.stores.inbox import Inbox
from publish.stores.workers import Errand, Lost, Overtaken, Worker

MEDIA = "application/sparql-results+json"


class Parent:
    """A zygote of which nothing is wanted."""

    def give_way(self, process: int) -> None: ...

    async def end(self, process: int) -> int:
        return 0

    def let_go(self, process: int) -> None: ...


@pytest.fixture
def pipe() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


Pipe = tuple[socket.socket, socket.socket]


def job(number: int) -> Job:
    return Job(f"ASK {{ {number} }}", MEDIA, rows=1, size=10, given=b"x" * number)


def answered(number: int) -> bytes:
    return wire.reply(*wire.of_answer(Answer(b"%d" % number, MEDIA, 1)), 1_000)


def received(pipe: socket.socket, size: int) -> bytes:
    read = b""
    while len(read) < size:
        piece = pipe.recv(size - len(read))
        assert piece, "the other end is closed"
        read += piece
    return read


class Story:
    """A worker with three jobs, of which the first is under way."""

    def __init__(self, ours: socket.socket, theirs: socket.socket) -> None:
        self.rested: list[Worker] = []
        self.worker = Worker(Parent(), 1, ours)
        self.worker.rested = self.rested.append
        theirs.settimeout(60)
        self.theirs = theirs
        self.errands = [Errand(1_000) for _ in range(3)]
        self.tasks = [
            asyncio.create_task(self.worker.answer(errand, wire.of_job(job(number))))
            for number, errand in enumerate(self.errands)
        ]

    async def begin(self) -> None:
        await asyncio.sleep(0)
        sent = b"".join(wire.of_job(job(number)) for number in range(3))
        assert received(self.theirs, len(sent)) == sent

    async def outcomes(self) -> list[object]:
        done = await asyncio.wait_for(asyncio.gather(*self.tasks, return_exceptions=True), 60)
        return [one.body if isinstance(one, Answer) else type(one) for one in done]


def told(pipe: Pipe, plot: Callable[[Story], Awaitable[None]]) -> None:
    async def whole() -> None:
        story = Story(*pipe)
        await story.begin()
        await plot(story)

    asyncio.run(whole())


# --- the server's end ------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 1_000_000], ids=["bytes", "pieces", "at once"])
def test_answers_come_in_the_order_of_the_jobs_however_they_are_cut(pipe: Pipe, size: int) -> None:
    async def plot(story: Story) -> None:
        said = b"".join(answered(number) for number in range(3))
        for begin in range(0, len(said), size):
            story.theirs.sendall(said[begin : begin + size])
            await asyncio.sleep(0)
        assert await story.outcomes() == [b"0", b"1", b"2"]
        assert story.rested == [story.worker]
        assert story.worker.load == 0

    told(pipe, plot)


def test_one_that_is_not_done_keeps_the_others_waiting_and_is_not_rested(pipe: Pipe) -> None:
    async def plot(story: Story) -> None:
        story.theirs.sendall(answered(0))
        assert (await asyncio.wait_for(story.tasks[0], 60)).body == b"0"
        assert (story.worker.load, story.rested) == (2, [])
        assert [*map(story.worker.is_done_with, story.errands)] == [True, False, False]
        assert story.errands[0].took == 1e-6

    told(pipe, plot)


def test_what_waits_can_be_taken_back_and_the_first_goes_on(pipe: Pipe) -> None:
    async def plot(story: Story) -> None:
        story.worker.take_back()
        assert received(story.theirs, len(wire.take_back(2))) == wire.take_back(2)
        # The second was begun before the word came: its answer is for nobody.
        story.theirs.sendall(answered(0) + answered(1) + wire.NOT_BEGUN)
        assert await story.outcomes() == [b"0", Overtaken, Overtaken]
        await asyncio.sleep(0)
        assert story.rested == [story.worker]

    told(pipe, plot)


def test_one_that_ends_is_lost_to_the_first_alone(pipe: Pipe) -> None:
    async def plot(story: Story) -> None:
        story.theirs.close()
        assert await story.outcomes() == [Lost, Overtaken, Overtaken]
        assert story.worker.gone()
        assert story.rested == []

    told(pipe, plot)


def test_what_is_still_being_sent_ends_with_the_worker(pipe: Pipe) -> None:
    async def plot(story: Story) -> None:
        # More than a pipe takes at once.
        long = wire.of_job(job(10_000_000))
        story.tasks.append(asyncio.create_task(story.worker.answer(Errand(1_000), long)))
        await asyncio.sleep(0)
        assert not story.worker.takes_more(8, 60)
        story.worker.give_up()
        story.worker.close()
        assert await story.outcomes() == [Lost, Overtaken, Overtaken, Overtaken]

    told(pipe, plot)


def test_an_answer_counts_that_came_before_the_end(pipe: Pipe) -> None:
    async def plot(story: Story) -> None:
        story.theirs.sendall(answered(0))
        story.theirs.close()
        assert await story.outcomes() == [b"0", Lost, Overtaken]

    told(pipe, plot)


def test_an_answer_that_is_longer_than_allowed_is_not_waited_for(pipe: Pipe) -> None:
    async def plot(story: Story) -> None:
        story.theirs.sendall(wire.REPLY_HEAD.pack(1, 1_000, 0))
        assert await story.outcomes() == [Lost, Overtaken, Overtaken]

    told(pipe, plot)


def test_one_that_answers_what_was_not_asked_is_not_used_again(pipe: Pipe) -> None:
    async def plot(story: Story) -> None:
        story.theirs.sendall(b"".join(answered(number) for number in range(4)))
        assert await story.outcomes() == [b"0", b"1", b"2"]
        assert story.worker.gone()
        # Whoever has it ends it, for nobody waits who could.
        assert story.rested == [story.worker]

    told(pipe, plot)


def test_one_that_says_it_did_not_begin_what_is_wanted_cannot_be_believed(pipe: Pipe) -> None:
    async def plot(story: Story) -> None:
        story.theirs.sendall(wire.NOT_BEGUN + answered(1) + answered(2))
        assert await story.outcomes() == [errors.StoreAnswerError, b"1", b"2"]
        assert story.worker.worn

    told(pipe, plot)


def test_more_can_wait_behind_one_that_began_just_now(pipe: Pipe) -> None:
    async def plot(story: Story) -> None:
        assert story.worker.takes_more(4, 60)
        assert not story.worker.takes_more(3, 60)
        assert not story.worker.takes_more(4, 0)
        story.worker.gave_way = True
        assert not story.worker.takes_more(4, 60)

    told(pipe, plot)


def test_nothing_waits_behind_one_that_is_to_be_replaced(pipe: Pipe) -> None:
    async def plot(story: Story) -> None:
        worn = Answer(b"0", MEDIA, 1, worn=True)
        story.theirs.sendall(wire.reply(*wire.of_answer(worn), 1_000))
        await asyncio.wait(story.tasks[:1])
        assert not story.worker.takes_more(4, 60)

    told(pipe, plot)


def test_what_is_under_way_cannot_be_left_and_what_waits_can(pipe: Pipe) -> None:
    async def plot(story: Story) -> None:
        assert [story.worker.keeps_waiting(one) for one in story.errands] == [False, True, True]
        assert not story.worker.works_for_nobody()
        assert not any(map(story.worker.is_done_with, story.errands))
        story.tasks[0].cancel()
        await asyncio.wait(story.tasks[:1])
        assert story.worker.works_for_nobody()

    told(pipe, plot)


def test_not_to_begin_is_a_reply_of_nothing() -> None:
    assert wire.reply(b"", b"", 0) == wire.NOT_BEGUN


# --- the worker's end ------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 50, 1_000_000], ids=["bytes", "pieces", "at once"])
def test_jobs_come_in_their_order_however_they_are_cut(pipe: Pipe, size: int) -> None:
    ours, theirs = pipe
    said = b"".join(wire.of_job(job(number)) for number in range(3))

    def send() -> None:
        for begin in range(0, len(said), size):
            ours.sendall(said[begin : begin + size])
        ours.shutdown(socket.SHUT_WR)

    # Many small pieces fill a pipe: somebody has to read meanwhile.
    sender = threading.Thread(target=send)
    sender.start()
    waiting = Inbox(theirs)
    assert [waiting.next() for _ in range(4)] == [*map(job, range(3)), None]
    sender.join()


@pytest.mark.parametrize("begun", [0, 1, 2])
def test_jobs_that_are_taken_back_are_not_begun(pipe: Pipe, begun: int) -> None:
    ours, theirs = pipe
    waiting = Inbox(theirs)
    ours.sendall(b"".join(wire.of_job(job(number)) for number in range(3)))
    before = [waiting.next() for _ in range(begun)]
    ours.sendall(wire.take_back(2) + wire.of_job(job(3)))
    first = [] if begun else [waiting.next()]
    assert [*before, *first, waiting.next()] == [*map(job, range(max(1, begun))), job(3)]
    ours.settimeout(60)
    said = wire.NOT_BEGUN * (3 - max(1, begun))
    assert received(ours, len(said)) == said
