"""Who runs when: slots are given in turn, never lost, and not waited for without end."""

from __future__ import annotations

import asyncio

import pytest

from publish import errors
from publish.stores.places import Slots


def test_a_slot_that_comes_too_late_is_told_and_not_lost() -> None:
    async def story() -> None:
        slots = Slots(1, 0.01)
        await slots.take("one")
        with pytest.raises(errors.QueryBusy, match=r"no place was free for 0\.01 seconds"):
            await slots.take("two")
        assert slots.waiting == 0
        slots.give()
        await slots.take("three")
        assert slots.taken == 1

    asyncio.run(story())


def test_whoever_gives_up_when_the_turn_comes_leaves_it_to_the_next() -> None:
    async def story() -> None:
        slots = Slots(1, 60)
        await slots.take("one")
        late = asyncio.create_task(slots.take("two"))
        following = asyncio.create_task(slots.take("three"))
        await asyncio.sleep(0)
        slots.give()
        late.cancel()
        await following
        assert late.cancelled()
        assert (slots.taken, slots.waiting) == (1, 0)

    asyncio.run(story())


def test_whoever_gives_up_while_waiting_has_no_turn() -> None:
    async def story() -> None:
        slots = Slots(1, 60)
        await slots.take("one")
        gone = asyncio.create_task(slots.take("two"))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.wait([gone])
        assert slots.waiting == 0
        slots.give()
        assert slots.taken == 0

    asyncio.run(story())


def test_clients_have_their_turns_one_after_another() -> None:
    async def story() -> list[str]:
        slots = Slots(1, 60)
        await slots.take("first")
        turns: list[str] = []

        async def wait(client: str) -> None:
            await slots.take(client)
            turns.append(client)
            slots.give()

        waiting = [asyncio.create_task(wait(one)) for one in ("a", "a", "a", "b", "c")]
        await asyncio.sleep(0)
        slots.give()
        await asyncio.gather(*waiting)
        return turns

    assert asyncio.run(story()) == ["a", "b", "c", "a", "a"]
