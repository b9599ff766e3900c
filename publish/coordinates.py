"""Points on the earth, as GeoSPARQL writes them in well-known text.

Without the IRI of a reference system a point is in CRS84: longitude, then latitude, in degrees of
WGS 84 (GeoSPARQL 1.1, 8.5.1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))"
_POINT = re.compile(rf"\s*POINT\s*\(\s*{_NUMBER}\s+{_NUMBER}\s*\)\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Position:
    """Latitude and longitude in degrees, with the digits that were given."""

    latitude: str
    longitude: str


def read(wkt: str) -> Position | None:
    """Read a point; nothing for what is none on the earth, or is in a reference system by IRI."""
    found = _POINT.fullmatch(wkt)
    if found is None or abs(float(found[1])) > 180 or abs(float(found[2])) > 90:
        return None
    return Position(latitude=found[2], longitude=found[1])
