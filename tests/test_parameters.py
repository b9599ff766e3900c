"""A value of a parameter is what XML Schema writes for its datatype, and within its bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from publish import dataset, errors
from publish import namespaces as ns
from publish.parameters import Parameter, literal, parameters
from publish.records import Records, Text

QUESTION = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/q> a sh:SPARQLExecutable ; sh:select "SELECT $often {}" ;
  sh:parameter [ sh:path <urn:par/often> ; sh:datatype xsd:integer ; BOUNDS ] .
"""


def parameter(kind: str) -> Parameter:
    return Parameter("it", Text("It"), datatype=ns.XSD + kind)


def bounded(folder: Path, bounds: str) -> Parameter:
    path = folder / "question.ttl"
    path.write_text(QUESTION.replace("BOUNDS", bounds), encoding="utf-8")
    records = Records(dataset.load_file(path))
    (found,) = parameters(records, records.record("https://example.org/q"))
    return found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "-007"),
        ("decimal", ".5"),
        ("double", "1.5E-3"),
        ("boolean", "1"),
        ("gYear", "-0044"),
        ("gYearMonth", "1871-03Z"),
        ("date", "1842-12-09"),
        ("date", "2024-02-29+14:00"),
        ("date", "-0044-03-15"),
        ("date", "12024-02-29"),
        ("dateTime", "1871-03-18T03:00:00"),
        ("dateTime", "1871-03-18T24:00:00.0-05:00"),
        ("dateTime", "1871-03-18T03:00:00.125Z"),
    ],
)
def test_what_xml_schema_writes_is_a_value_as_it_stands(kind: str, text: str) -> None:
    found = literal(parameter(kind), text)
    assert (found.value, found.datatype.value) == (text, ns.XSD + kind)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "1.0"),
        ("decimal", "1e3"),
        ("double", "much"),
        ("boolean", "TRUE"),
        ("gYear", "44"),
        ("gYearMonth", "1871-13"),
        ("date", "9.12.1842"),
        ("date", "2023-02-29"),
        ("date", "-0044-15-03"),
        ("date", "2024-02-29+15:00"),
        ("dateTime", "1871-03-18"),
        ("dateTime", "1871-03-18T03"),
        ("dateTime", "1871-W11-6T03:00:00"),
        ("dateTime", "1871-03-18T24:00:01"),
        ("dateTime", "1871-02-29T03:00:00"),
    ],
)
def test_what_it_does_not_write_is_refused_by_the_name_of_the_datatype(
    kind: str, text: str
) -> None:
    with pytest.raises(errors.ParameterValueError, match=f"`it`: .* is no {kind}; "):
        literal(parameter(kind), text)


def test_a_number_beyond_its_bounds_is_refused(tmp_path: Path) -> None:
    often = bounded(tmp_path, "sh:minInclusive 2 ; sh:maxInclusive 9")
    assert literal(often, "9").value == "9"
    with pytest.raises(errors.ParameterValueError, match="is less than 2"):
        literal(often, "1")
    with pytest.raises(errors.ParameterValueError, match="is more than 9"):
        literal(often, "10")


def test_a_bound_that_is_no_number_binds_nothing(tmp_path: Path) -> None:
    often = bounded(tmp_path, 'sh:minInclusive "few" ; sh:maxInclusive 9')
    assert (often.least, often.most) == ("", "9")
    assert literal(often, "1").value == "1"
