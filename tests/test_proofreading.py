"""What is written wrongly is found where it stands, whatever the rules of a data set say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib
from conftest import Runner
from lxml import etree

from publish import dataset, dates, proofreading, validation
from publish import namespaces as ns
from publish.proofreading import identifiers
from publish.proofreading.tags import Tags

PREFIXES = """\
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix plant: <https://example.org/garden/id/plant/> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
PLACE = "data/text/probe.ttl"
LINE = PREFIXES.count("\n") + 1


def read(folder: Path, statement: str) -> list[validation.Finding]:
    """Give what is found where a thing has one statement more, on a line of its own."""
    (folder / PLACE).write_text(f"{PREFIXES}plant:rue\n  {statement} .\n", encoding="utf-8")
    return [one for one in proofreading.proofread(dataset.load(folder)) if one.path == PLACE]


@pytest.mark.parametrize(
    ("statement", "severity", "words"),
    [
        ('schema:dateCreated "1347-13-01"^^xsd:date', "violation", "is no xsd:date; write it as"),
        ('schema:dateCreated "1347-02-30"^^xsd:date', "violation", "is no xsd:date"),
        ('schema:dateCreated "1347"^^xsd:date', "violation", "is no xsd:date"),
        ('schema:dateCreated "1347-05"^^xsd:gYear', "violation", "write it as `1347`"),
        ('schema:position "two"^^xsd:integer', "violation", "is no xsd:integer"),
        ('schema:isFamilyFriendly "yes"^^xsd:boolean', "violation", "is no xsd:boolean"),
        ('schema:dateCreated "c. 1347"^^edtf:EDTF', "violation", "write `1347~`"),
        ('schema:dateCreated "1347/48"^^edtf:EDTF', "violation", "write `1347/1348`"),
        ('schema:dateCreated "1347-13"^^edtf:EDTF', "violation", "write it as 1347, 1347-05"),
        ('skos:altLabel "Raute"@german', "warning", "write `@de`"),
        ('skos:altLabel "ρυτή"@gr', "warning", "such as `@el`"),
        ('skos:altLabel "rue"@xx', "warning", "names no language"),
        ('skos:altLabel "rue"@en-UK', "warning", "write `GB`"),
        ('skos:altLabel "rue"@en-Abcd', "warning", "names no script"),
        ('skos:altLabel "ru\u200be"@en', "warning", "U+200B (zero width space)"),
        ('skos:altLabel "ru\u00ade"@en', "warning", "soft hyphen"),
        ('skos:altLabel "\ufeffrue"@en', "warning", "U+FEFF"),
        ('skos:altLabel "r\ufffde"@en', "warning", "a character was lost"),
        ('skos:altLabel "Kr\u00c3\u00a4uter"@de', "warning", "which was `ä`"),
        ('skos:altLabel "it\u00e2\u20ac\u2122s"@en', "warning", "which was `\u2019`"),
        ('skos:altLabel "Kra\u0308uter"@de', "warning", "not NFC"),
        ('skos:altLabel "rue "@en', "warning", "begins or ends with a blank"),
        ('skos:altLabel "rue\u00a0"@en', "warning", "begins or ends with a blank"),
        ('skos:altLabel ""@en', "warning", "is empty"),
        ('skos:altLabel "rue &amp; mint"@en', "warning", "mark-up"),
        ("schema:sameAs <https://orcid.org/0000-0002-1825-0098>", "violation", "an ORCID iD"),
        ("schema:sameAs <http://viaf.org/viaf/abc>", "violation", "a number of VIAF"),
        ('schema:isbn "978-3-16-148410-1"', "warning", "an ISBN"),
        ('schema:issn "0317-8472"', "warning", "an ISSN"),
        ("skos:related plant:mnit", "warning", "plant:mnit is described nowhere"),
        ("skos:related plant:mi\u200dnt", "warning", "is described nowhere"),
        (
            "skos:related <http://example.org/garden/id/plant/mint>",
            "warning",
            "write <https://example.org/garden/id/plant/mint>",
        ),
        (
            "skos:related <https://www.example.org:8080/garden/id/plant/mint>",
            "warning",
            "write <https://example.org/garden/id/plant/mint>",
        ),
    ],
)
def test_what_is_written_wrongly_is_found_at_its_line(
    folder: Path, statement: str, severity: str, words: str
) -> None:
    (found,) = read(folder, statement)
    assert (found.line, found.severity) == (LINE + 1, severity)
    assert words in found.message


@pytest.mark.parametrize(
    "statement",
    [
        'schema:dateCreated "-0099-01-01"^^xsd:date',
        'schema:dateCreated "1348-02-29Z"^^xsd:date',
        'schema:position "123456789012345678901234567890"^^xsd:integer',
        'schema:position "INF"^^xsd:double',
        'schema:dateCreated "13XX"^^edtf:EDTF',
        'schema:dateCreated "1347-05/.."^^edtf:EDTF',
        'schema:dateCreated "156X-12-25"^^edtf:EDTF',
        'schema:dateCreated "1347-21"^^edtf:EDTF',
        'skos:altLabel "ῥυτή"@grc',
        'skos:altLabel "rūde"@ang',
        'skos:altLabel "芸香"@zh-Hant-TW',
        'skos:altLabel "rue"@x-mine',
        'skos:altLabel "rue"@en-scouse',
        'skos:altLabel "a name of Ubykh"@uby',
        'skos:altLabel "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"@fa',
        'skos:altLabel "«\u00a0rue\u00a0»"@fr',
        'skos:altLabel "if x < y and y > z"@en',
        'skos:note "two\\nlines\\n"@en',
        "schema:sameAs <https://orcid.org/0000-0002-1825-0097>",
        "schema:sameAs <http://www.wikidata.org/entity/Q42>",
        'schema:isbn "978-3-16-148410-0"',
        'schema:isbn "0-8044-2957-X"',
        'schema:issn "0317-8471"',
        "skos:related <https://example.org/gardens/id/plant/mint>",
        "skos:related <https://example.org/elsewhere>",
    ],
)
def test_what_is_right_is_left_alone(folder: Path, statement: str) -> None:
    assert read(folder, statement) == []


def test_a_thing_without_a_class_is_told_once(folder: Path) -> None:
    (folder / PLACE).write_text(
        f'{PREFIXES}plant:sage\n  skos:prefLabel "sage"@en ;\n  skos:related plant:rue .\n'
        "plant:mint skos:related plant:sage .\n"
    )
    found = [one for one in proofreading.proofread(dataset.load(folder)) if one.path == PLACE]
    assert [(one.focus, one.line) for one in found] == [
        ("https://example.org/garden/id/plant/sage", LINE + 1)
    ]
    assert "add `a` and its class" in found[0].message


def test_a_thing_without_an_address_is_found_at_its_line(folder: Path) -> None:
    (found,) = read(folder, 'skos:related [\n a skos:Concept ; skos:prefLabel "us"@en ]')
    assert found.line == LINE + 2
    assert "cannot be cited" in found.message


def test_a_prefix_that_stands_for_two_things_is_found_at_its_line(folder: Path) -> None:
    other = "https://example.org/garden/id/plants/"
    (folder / PLACE).write_text(PREFIXES.replace("https://example.org/garden/id/plant/", other))
    found = [one for one in proofreading.proofread(dataset.load(folder)) if one.path == PLACE]
    # Of two files, that is the one which is read later.
    assert [(one.line, one.severity) for one in found] == [(3, "warning")]
    assert f"`plant:` stands for <{other}> here" in found[0].message


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("", ["warning"]),
        ('#mapping_set_id: "no address"\n', ["warning"]),
        ("#mapping_set_id: https://example.org/garden/links\n", []),
    ],
)
def test_a_table_of_links_without_a_name_is_told(folder: Path, head: str, told: list[str]) -> None:
    path = "data/links/herbs.sssom.tsv"
    names = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence"
    row = "plant:rue\tschema:sameAs\twd:Q165250\tsemapv:ManualMappingCuration\t0.9"
    spaces = (
        "#curie_map:\n#  plant: https://example.org/garden/id/plant/\n"
        "#  schema: https://schema.org/\n#  wd: http://www.wikidata.org/entity/\n"
    )
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text(f"{spaces}{head}{names}\n{row}\n", encoding="utf-8")
    found = [one for one in proofreading.proofread(dataset.load(folder)) if one.path == path]
    assert [one.severity for one in found if "`mapping_set_id`" in one.message] == told


def test_numbers_of_authorities_are_judged_by_their_check_digits() -> None:
    right = (
        *("https://isni.org/isni/0000000121032683", "http://isni.org/0000 0001 2103 2683"),
        *("https://d-nb.info/gnd/118540238", "https://d-nb.info/gnd/4020160-0"),
        *("urn:isbn:9783161484100", "https://doi.org/10.1000/182"),
    )
    wrong = (
        *("https://isni.org/isni/0000000121032684", "https://d-nb.info/gnd/118540239"),
        *("https://d-nb.info/gnd/4020160-1", "urn:issn:0317-8472", "https://doi.org/182"),
        *("https://www.wikidata.org/entity/42", "http://orcid.org/0000-0002-1825"),
    )
    assert [iri for iri in right if identifiers.wrong_address(iri)] == []
    assert [iri for iri in wrong if not identifiers.wrong_address(iri)] == []


def test_a_registered_language_is_known_by_its_code() -> None:
    known = Tags()
    assert [
        tag for tag in ("akk", "non", "gmh", "yue", "iw", "mis", "und") if known.wrong(tag)
    ] == []
    assert all(known.wrong(tag) for tag in ("qqx1", "abcd", "jp", "zzzz-Latn"))


def test_what_people_write_for_a_date_has_a_form_in_edtf() -> None:
    assert dates.meant("ca 1347") == "1347~"
    assert dates.meant("1340s") == "134X"
    assert dates.meant("before 1347") == "../1347"
    assert dates.meant("1347-13") == ""  # a month, or a span that goes backwards
    assert dates.meant("long ago") == ""


QUESTION = """\
@prefix q: <https://example.org/garden/questions/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

q:which
  a sh:Parameterizable ;
  a sh:SPARQLExecutable ;
  a sh:SPARQLSelectExecutable ;
  rdfs:label "Which?"@en ;
  sh:labelTemplate "Which {?plant}?"@en ;
  sh:parameter <https://example.org/garden/questions/which#plant> ;
  sh:select "SELECT ?name { VALUES ?plant { <https://example.org/garden/id/plant/rue> } ?plant ?p ?name }" .

<https://example.org/garden/questions/which#plant>
  a sh:Parameter ;
  sh:path q:plant .
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        ("Which {?plant}?", "Which {?herb}?", 10, "{?herb}, which no sh:parameter sets"),
        ("sh:path q:plant", "sh:path q:herb", 11, "sets ?herb, which the query does not have"),
        ("which#plant> ;", "which#plnat> ;", 11, "is a parameter that nothing describes"),
    ],
)
def test_a_parameter_stands_in_question_and_wording(
    folder: Path, right: str, wrong: str, line: int, words: str
) -> None:
    place = folder / "data/questions/which.ttl"
    place.parent.mkdir()
    place.write_text(QUESTION)
    assert proofreading.proofread(dataset.load(folder)) == []
    place.write_text(QUESTION.replace(right, wrong))
    found = proofreading.proofread(dataset.load(folder))
    told = [one for one in found if words in one.message]
    assert [(one.path, one.line) for one in told] == [("data/questions/which.ttl", line)]


def test_the_other_data_sets_have_nothing_wrong(
    essay: dataset.Dataset, foreign: dataset.Dataset
) -> None:
    assert proofreading.proofread(essay) == []
    assert proofreading.proofread(foreign) == []


# --- told once


def finding(
    component: str, message: str, shape: str = "", value: str = '"x"'
) -> validation.Finding:
    return validation.Finding(
        *("data/a.ttl", 3, "violation", "urn:thing", message, shape),
        *("shapes/a.ttl" if shape else "", 7 if shape else 0, value, component),
    )


def test_a_value_is_told_once_with_what_its_rule_says_first() -> None:
    rule = finding(ns.SH + "DatatypeConstraintComponent", "set a date", "urn:rule")
    why = finding(ns.VALUES, "`x` is no xsd:date")
    misfit = finding(ns.USES, "points at a date")
    (told,) = proofreading.once([rule], [why, misfit])
    assert told.message == "set a date; `x` is no xsd:date"
    assert told.shape == "urn:rule"
    other = finding(ns.USES, "points at a date", value='"y"')
    assert {*proofreading.once([rule], [other])} == {rule, other}
    assert [*proofreading.once([], [why, misfit])] == [why]
    assert [*proofreading.once([], [misfit])] == [misfit]


def test_every_form_of_a_report_tells_what_was_read(run: Runner, folder: Path) -> None:
    """One wrong date, one link to nothing: in each form with file, line and what to do."""
    (folder / PLACE).write_text(
        f'{PREFIXES}plant:rue\n  schema:about plant:mnit ;\n  skos:note "1347/48"^^edtf:EDTF .\n'
    )
    texts = {}
    for form in ("text", "json", "sarif", "junit", "github", "turtle"):
        done = run("check", "--format", form, ".", cwd=folder)
        assert done.returncode == 1
        texts[form] = done.stdout
    words = ("plant:mnit is described nowhere", "`1347/48` is no date in EDTF; write `1347/1348`")
    lines = (LINE + 1, LINE + 2)
    for word, line in zip(words, lines, strict=True):
        assert f"{PLACE}:{line}: " in next(one for one in texts["text"].splitlines() if word in one)
        assert f"file={PLACE},line={line}," in next(
            one for one in texts["github"].splitlines() if word in one
        )
    told = [(one["line"], one["message"]) for one in json.loads(texts["json"])]
    assert {(line, word) for line, word in zip(lines, words, strict=True)} <= {
        (line, message.partition(";")[0] if "nowhere" in message else message)
        for line, message in told
    }
    sarif = json.loads(texts["sarif"])["runs"][0]["results"]
    places = [one["locations"][0]["physicalLocation"] for one in sarif]
    assert {*lines} <= {one["region"]["startLine"] for one in places}
    cases = etree.fromstring(texts["junit"].encode()).iter("testcase")
    assert {*map(str, lines)} <= {case.get("line") for case in cases}
    report = rdflib.Graph().parse(data=texts["turtle"], format="turtle")
    messages = [str(text) for text in report.objects(None, rdflib.SH.resultMessage)]
    assert all(
        any(f"{PLACE}:{line}: {word}" in one for one in messages)
        for word, line in zip(words, lines, strict=True)
    )


def test_what_a_shape_says_of_a_value_is_not_told_again_by_its_vocabulary(
    run: Runner, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    run("new", made, "--title", "t", "--base", "https://example.net/x/", "--creator", "us")
    place = made / "data/text/events.ttl"
    text = place.read_text().replace(
        "crm:P7_took_place_at place:harwick", "crm:P7_took_place_at time:1889"
    )
    place.write_text(text)
    told = json.loads(run("check", "--format", "json", made).stdout)
    assert [one["message"] for one in told if one["severity"] == "violation"] == [
        "An event takes place at a place; describe it in data/text/events.ttl"
    ]
