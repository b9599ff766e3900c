"""Points: longitude first in the data, latitude first for readers; nothing is guessed."""

from __future__ import annotations

import pytest

from publish import coordinates
from publish.coordinates import Position


def test_a_point_has_its_longitude_first_and_keeps_its_digits() -> None:
    found = coordinates.read("POINT(-97.74306 30.26715)")
    assert found == Position(latitude="30.26715", longitude="-97.74306")
    assert coordinates.read(" Point ( 6.0  -47 )\n") == Position("-47", "6.0")


@pytest.mark.parametrize(
    "wkt",
    [
        "",
        "POINT EMPTY",
        "POINT(6 47 300)",
        "POINT(181 47)",
        "POINT(47 91)",
        "LINESTRING(6 47, 7 48)",
        # Latitude first, as EPSG has it: to take it for a longitude would be another place.
        "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(47 6)",
    ],
)
def test_what_is_no_point_in_degrees_is_none(wkt: str) -> None:
    assert coordinates.read(wkt) is None
