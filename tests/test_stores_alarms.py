"""Calls after a time: in order, but for those that are called off, in one loop after another."""

from __future__ import annotations

import asyncio
import weakref

from publish.stores import Alarms


def test_calls_come_in_order_and_not_those_that_were_called_off() -> None:
    called: list[str] = []

    async def story() -> None:
        alarms = Alarms(0.01)
        over = asyncio.Event()
        first = alarms.set(lambda: called.append("first"))
        second = alarms.set(lambda: called.append("second"))
        alarms.set(lambda: called.append("third"))
        first.cancel()
        alarms.set(over.set)
        await over.wait()
        second.cancel()  # too late, and no harm

    asyncio.run(story())
    assert called == ["second", "third"]


def test_a_call_may_set_the_next() -> None:
    async def story() -> int:
        alarms = Alarms(0.001)
        over = asyncio.Event()
        count = 0

        def again() -> None:
            nonlocal count
            count += 1
            if count == 3:
                over.set()
            else:
                alarms.set(again)

        alarms.set(again)
        await over.wait()
        return count

    assert asyncio.run(story()) == 3


def test_what_one_loop_did_not_call_no_other_calls() -> None:
    alarms = Alarms(0.001)
    called: list[str] = []

    async def leave() -> None:
        alarms.set(lambda: called.append("of the first loop"))

    async def wait() -> None:
        over = asyncio.Event()
        alarms.set(over.set)
        await over.wait()

    asyncio.run(leave())
    asyncio.run(wait())
    assert called == []


def test_what_is_called_off_is_not_kept_until_its_time() -> None:
    async def story() -> None:
        alarms = Alarms(3600)
        alarm = alarms.set(lambda: None)
        gone = weakref.ref(alarm)
        alarm.cancel()
        del alarm
        alarms.set(lambda: None).cancel()
        assert gone() is None

    asyncio.run(story())
