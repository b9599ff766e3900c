"""Which pictures a data set has, and that the query of each gives something to draw."""

from __future__ import annotations

import re
from pathlib import Path

import serving
from serving import Client

from publish import pictures
from publish.dataset import Dataset

COLUMNS = {
    "network": {"from", "to"},
    "timeline": {"thing"},
    "map": {"thing"},
}
PLACED = """
<https://example.org/ford> <http://www.w3.org/2003/01/geo/wgs84_pos#lat> "51.5"^^<http://www.w3.org/2001/XMLSchema#decimal> ;
  <http://www.w3.org/2003/01/geo/wgs84_pos#long> "7.1"^^<http://www.w3.org/2001/XMLSchema#decimal> .
<https://example.org/weir> <http://www.opengis.net/ont/geosparql#asWKT>
  "POINT(7.2 51.6)"^^<http://www.opengis.net/ont/geosparql#wktLiteral> .
<https://example.org/flood> <https://schema.org/startDate> "1890" .
"""


def test_each_picture_has_rows_and_the_columns_that_its_kind_needs(either: Dataset) -> None:
    found = pictures.pictures(either)
    assert found
    for one, count in zip(found, serving.counts(either, [one.query for one in found]), strict=True):
        assert count, one.name
        assert COLUMNS[one.kind] <= set(re.findall(r"\?(\w+)", one.query))


def test_the_essay_has_those_that_its_vocabularies_give(essay: Dataset) -> None:
    names = [one.name for one in pictures.pictures(essay)]
    assert names == ["citations", "concepts", "argument", "timeline", "places"]


def test_pictures_follow_from_the_vocabulary_alone(tmp_path: Path) -> None:
    data = serving.bare(tmp_path, PLACED)
    found = {one.name: one for one in pictures.pictures(data)}
    assert set(found) == {"timeline", "places"}
    assert serving.counts(data, [found["places"].query, found["timeline"].query]) == [2, 1]
    assert pictures.pictures(serving.bare(tmp_path, "<a:a> <a:b> <a:c> .")) == ()


def test_a_picture_stands_beside_the_rows_that_it_is_drawn_from(each: Client) -> None:
    page = each.page("/pictures")
    for one in pictures.pictures(each.dataset):
        assert f'href="/pictures/{one.name}"' in page
        shown = each.page(f"/pictures/{one.name}")
        assert "<tbody>" in shown
        assert "edit=true" in shown
    serving.assert_problem(each.get("/pictures/nothing"), 404)
