"""A log of changes: what leads from one version to another, and what is no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from publish.dataset import Dataset
from publish.diff import Change, Difference, Kind, Step
from publish.feeds import Log


def log(data: Dataset, *steps: tuple[str, str, dict[str, Kind]]) -> Log:
    """Make a log of steps (before, version, what happened to which thing)."""
    about = data.description
    assert about is not None
    began = datetime(2026, 11, 1, tzinfo=UTC)
    return Log(
        [
            Step(
                version,
                before,
                began + timedelta(days=day),
                Difference(
                    tuple(Change(about.base + name, name, kind, ()) for name, kind in what.items()),
                    added=0,
                    removed=0,
                    prefixes={},
                ),
            )
            for day, (before, version, what) in enumerate(steps)
        ],
        about,
    )


@pytest.mark.parametrize(
    ("before", "version", "days"),
    [("1", "2", [1]), ("1", "3", [1, 2]), ("2", "3", [2]), ("3", "1", []), ("", "1", [])],
)
def test_the_fewest_steps_lead_from_one_version_to_another(
    foreign: Dataset, before: str, version: str, days: list[int]
) -> None:
    # Readers were led back from the third version to the second.
    made = log(foreign, ("", "1", {}), ("1", "2", {}), ("2", "3", {}), ("3", "2", {}))
    assert list(made.between(before, version)) == [made.steps[day] for day in days]


def test_what_came_back_is_not_gone(foreign: Dataset) -> None:
    gone: dict[str, Kind] = {"fox": "vanished", "hen": "removed"}
    made = log(foreign, ("", "1", {}), ("1", "2", gone), ("2", "3", {"hen": "added"}))
    assert {iri.removeprefix(foreign.base) for iri in made.gone()} == {"fox"}
