"""What is written wrongly is found where it stands, whatever the rules of a data set say."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
import rdflib
from conftest import Runner
from lxml import etree

from publish import dataset, dates, proofreading, turtle, validation
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
        ('skos:altLabel "ρυτή"@el-Latn', "warning", "has Greek letters"),
        ('skos:altLabel "\u03c1\u03c5\u03c4o\u03c2"@el', "warning", "Latin and Greek letters"),
        ('skos:altLabel "ru\u03a4e"@en', "warning", "Latin and Greek letters"),
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
        ('skos:altLabel "herb of\u00a0grace"@en', "warning", "U+00A0 (no-break space) in `of"),
        ('skos:altLabel "herb of\u202fgrace"@fr', "warning", "U+202F (narrow no-break space)"),
        ('skos:notation "RUE\u00a01"', "warning", "write a blank"),
        ('skos:altLabel "herb of\\ngrace"@en', "warning", "holds a line break"),
        ('skos:altLabel "herb of\\rgrace"@en', "warning", "holds a line break"),
        ('skos:notation "RUE\\n1"', "warning", "holds a line break"),
        ('skos:notation " RUE 1"', "warning", "begins or ends with a blank"),
        ('skos:altLabel "plant:rue"@en', "warning", "is the address `plant:rue`, no name"),
        ('skos:altLabel "TODO: ask the herbalist"@en', "warning", "a note of something to do"),
        ('skos:altLabel "the **best** rue"@en', "warning", "holds `**best**`, mark-up"),
        ('skos:altLabel "[rue](https://example.com/)"@en', "warning", "mark-up"),
        (
            "<http://purl.org/dc/terms/license> <https://creativecommons.org/publicdomain/zero/1.1/>",
            *("warning", "no licence of Creative Commons"),
        ),
        ("<http://www.w3.org/2000/01/rdf-schema#subClassOf> plant:rue", "warning", "above itself"),
        ('skos:altLabel "TODO"@en', "warning", "is `TODO`, which keeps a place"),
        ('skos:altLabel "herb of gr?ce"@en', "warning", "holds `?` in `gr?ce`"),
        (
            "<http://www.cidoc-crm.org/cidoc-crm/P89_falls_within> plant:rue",
            "warning",
            "above itself",
        ),
        ('skos:notation "RUE  ONE"', "warning", "two blanks in a row"),
        ('<https://w3id.org/folkmote#citationKey> "Rue 1347 "', "warning", "ends with a blank"),
        ('skos:altLabel "ru\u200ce"@en', "warning", "U+200C (zero width non-joiner)"),
        (
            'skos:altLabel "\u03c1\u03c5\u200d\u03c4\u03ae"@el',
            "warning",
            "U+200D (zero width joiner)",
        ),
        ('skos:altLabel "rue\u200e"@en', "warning", "U+200E (left-to-right mark)"),
        ('skos:altLabel "\u2066rue\u2069"@en', "warning", "left-to-right isolate"),
        ('skos:altLabel "herb\u2028grace"@en', "warning", "line separator"),
        ('skos:altLabel "herb  of grace"@en', "warning", "two blanks in a row"),
        ('skos:altLabel "herb\tof grace"@en', "warning", "holds a tab"),
        ('skos:altLabel "\ufb01g"@en', "warning", "write `fi`"),
        ('skos:altLabel "ru\u0435"@en', "warning", "Latin and Cyrillic letters in `ru\u0435`"),
        ('skos:altLabel "рута душистая"@en', "warning", "such as `@ru`"),
        ('skos:altLabel "ρυτή"@de-AT', "warning", "such as `@el`"),
        ('skos:altLabel "rue"@eng', "warning", "write `@en`"),
        ('skos:altLabel "Raute"@ger', "warning", "write `@de`"),
        ('schema:position "-3"^^xsd:nonNegativeInteger', "violation", "nonNegativeInteger"),
        ('schema:inLanguage "english"', "warning", "write `en`"),
        (
            "schema:inLanguage <http://id.loc.gov/vocabulary/iso639-1/eng>",
            "warning",
            "no code of ISO 639-1",
        ),
        (
            'schema:license <https://example.org/a> ; <http://purl.org/dc/terms/license> "CC0"',
            "warning",
            "write the address of the licence",
        ),
        ("schema:url <htps://example.com/>", "warning", "write `https://`"),
        ("schema:url <https://https://example.com/>", "warning", "its scheme twice"),
        ("schema:url <https:/example.com/>", "warning", "two slashes"),
        ("schema:url <http://localhost:8000/x>", "warning", "write where it stands for all"),
        ("schema:url <https://example,com/>", "warning", "`,` in the name of its host"),
        ('skos:altLabel "herb of\\\\u00a0grace"@en', "warning", "an escape that is shown"),
        ('skos:altLabel "herb%20of grace"@en', "warning", "as addresses write"),
        ("schema:url <file:///home/x.html>", "warning", "write where it stands for all"),
        ("schema:url <https://example.com/%20>", "warning", "ends with a blank"),
        (
            "schema:sameAs <https://www.wikidata.org/wiki/Q42>",
            "warning",
            "others know as <http://www.wikidata.org/entity/Q42>",
        ),
        (
            "skos:exactMatch <https://id.loc.gov/authorities/subjects/sh85004812.html>",
            "warning",
            "<http://id.loc.gov/authorities/subjects/sh85004812>",
        ),
        ('<http://purl.org/ontology/bibo/doi> "https://doi.org/10.1000/182"', "warning", "a DOI"),
        ('schema:startDate "1347-05-31" ; schema:endDate "1347-05-01"', "violation", "before it"),
        ("skos:broader plant:rue", "warning", "stand above itself"),
        ("schema:sameAs <https://orcid.org/0000-0002-1825-0098>", "violation", "an ORCID iD"),
        ("schema:sameAs <http://viaf.org/viaf/abc>", "violation", "a number of VIAF"),
        ('schema:isbn "978-3-16-148410-1"', "warning", "an ISBN"),
        ('schema:issn "0317-8472"', "warning", "an ISSN"),
        ("skos:related plant:mnit", "warning", "plant:mnit is described nowhere; write plant:mint"),
        ("skos:related plant:oak", "warning", "plant:oak is described nowhere; check its"),
        ('skos:altLabel "\u0639\u0644\u064a"@fa', "warning", "write U+06CC"),
        ('skos:altLabel "\u0643\u062a\u0627\u0628"@fa-IR', "warning", "write U+06A9"),
        ('skos:altLabel "\u0639\u0644\u06cc"@ar', "warning", "write U+064A"),
        ('skos:altLabel "\u0633\u062f\u0627\u0628\u200c"@fa', "warning", "parts no letters"),
        ('skos:altLabel "\u0645\u06cc\u200c\u200c\u062e"@fa', "warning", "parts no letters"),
        ('skos:altLabel "\u0633\u0640\u0640\u062f"@fa', "warning", "write `\u0633\u062f`"),
        (
            'skos:altLabel "\ufeb3\ufeaa\ufe8d\ufe8f"@ar',
            "warning",
            "write `\u0633\u062f\u0627\u0628`",
        ),
        ('skos:altLabel "\u0633\u0627\u0644 \u06f4\u0663\u06f7"@fa', "warning", "several scripts"),
        ('skos:altLabel "\u202b\u0633\u062f\u0627\u0628"@fa', "warning", "turns the direction"),
        ('skos:notation "\u0633\u062f\u0627\u0628\u200f"', "warning", "U+200F"),
        (
            'skos:altLabel "\u00d8\u00b3\u00d8\u00af\u00d8\u00a7\u00d8\u00a8"@fa',
            "warning",
            "`\u0633\u062f\u0627\u0628`",
        ),
        ('schema:dateCreated "437AH"^^edtf:EDTF', "violation", "Gregorian calendar alone"),
        ('schema:dateCreated "am 3.5.1931"^^edtf:EDTF', "violation", "write it as 1347"),
        ('schema:dateCreated "437 AH"^^edtf:EDTF', "violation", "Gregorian calendar alone"),
        ('schema:dateCreated "\u06f4\u06f3\u06f7 \u0642"^^edtf:EDTF', "violation", "Gregorian"),
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
        'skos:altLabel "\u0639\u0644\u064a \ufdfa \u0664\u0663\u0667"@ar',
        'skos:altLabel "\u202b\u0633\u062f\u0627\u0628\u202c \u06f4\u06f3\u06f7 (437)"@fa',
        'skos:notation "\u0633\u062f\u0627\u200c\u0628"',
        'skos:altLabel "Øé Îles Ûbung"@en',
        "schema:url <https://example.com/a,b;c?d=,>",
        'skos:note "50%20 of https://example.com/a%20b"@en',
        'skos:altLabel "«\u00a0rue\u00a0»"@fr',
        'skos:note "10\u00a0kg v\u00a0Praze"@cs',
        'skos:altLabel "rue \u05d0\u200e"@en',
        'skos:note "One end.  Another begins."@en',
        'skos:altLabel "\u0420\u0423\u0422\u0410-2"@ru',
        'skos:altLabel "\u03b2-carotene"@en',
        'skos:altLabel "IWW"@ru',
        'schema:inLanguage "grc"',
        "schema:inLanguage <http://id.loc.gov/vocabulary/iso639-2/eng>",
        "schema:url <https://www.wikidata.org/wiki/Q42>",
        "schema:url <https://web.archive.org/web/2020/https://example.com/>",
        "schema:sameAs <http://viaf.org/viaf/1>",
        '<http://purl.org/ontology/bibo/doi> "10.1000/182"',
        'skos:altLabel "if x < y and y > z"@en',
        'skos:note "two\\nlines\\n"@en',
        "schema:sameAs <https://orcid.org/0000-0002-1825-0097>",
        "schema:sameAs <http://www.wikidata.org/entity/Q42>",
        'schema:isbn "978-3-16-148410-0"',
        'schema:isbn "0-8044-2957-X"',
        'schema:issn "0317-8471"',
        "skos:related <https://example.org/gardens/id/plant/mint>",
        "skos:related <https://example.org/elsewhere>",
        'skos:note "a * b ** c, todo el mundo"@en',
        "<http://purl.org/dc/terms/license> <https://creativecommons.org/licenses/by-sa/3.0/de/>",
        "<http://purl.org/dc/terms/license> <https://creativecommons.org/licenses/by-nd-nc/1.0/>",
        'skos:note "No era TODO: faltaba algo"@es',
        'skos:note "siehe [Abb](3)"@de',
        "<http://purl.org/dc/terms/license> <http://creativecommons.org/publicdomain/zero/1.0/>",
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
    assert [(one.line, one.severity) for one in found] == [(3, "warning")]
    assert f"`plant:` stands for <{other}> here" in found[0].message


def test_a_base_below_which_nothing_stands_is_found_where_it_is_told(folder: Path) -> None:
    place = folder / "data/dataset.ttl"
    wrong = place.read_text(encoding="utf-8").replace(
        '"https://example.org/garden/', '"https://example.org/gadren/'
    )
    place.write_text(wrong, encoding="utf-8")
    found = [one for one in proofreading.proofread(dataset.load(folder)) if "base" in one.message]
    assert [(one.path, one.severity) for one in found] == [("data/dataset.ttl", "violation")]
    assert "no file describes a thing below <https://example.org/gadren/id/>" in found[0].message
    assert "NamespaceUri" in wrong.splitlines()[found[0].line - 1]


def test_of_two_things_a_prefix_should_stand_for_the_usual_one_or_what_is_below_the_base(
    folder: Path,
) -> None:
    wrong, right = "https://example.org/gadren/id/plant/", "https://example.org/garden/id/plant/"
    first = folder / "data/text/a.ttl"
    first.write_text(f"@prefix plant: <{wrong}> .\n@prefix x: <{ns.DCTERMS}> .\nplant:a x:is 1 .\n")
    other = folder / "data/text/b.ttl"
    other.write_text(f"@prefix x: <{ns.SKOS}> .\n")
    data = dataset.load(folder)
    # The garden's own file alone has `plant:` too; among equals the first file is right.
    assert [(str(one.place), one.prefix, one.usual) for one in data.renamings] == [
        ("data/text/a.ttl:1", "plant", right),
        ("data/text/b.ttl:1", "x", ns.DCTERMS),
    ]
    assert data.prefixes["plant"] == right


def test_faults_beside_a_wrong_prefix_are_not_laid_to_it(folder: Path) -> None:
    """Of two files one has another `plant:`, the other many faults of its own."""
    text = folder / "data/text"
    names = "".join(f'plant:herb{n} s:altLabel "herb {n} "@en .\n' for n in range(12))
    spaces = f"@prefix s: <{ns.SKOS}> .\n@prefix plant: <https://example.org/garden/id"
    (text / "b.ttl").write_text(f"{spaces}/plant/> .\n{names}")
    (text / "c.ttl").write_text(f'{spaces}/> .\nplant:rue s:altLabel "ruda"@es .\n')
    (text / "d.ttl").write_text(
        f"@prefix s: <{ns.SKOS}> .\n@prefix old: <https://example.org/garden/id/> .\n"
        'old:sage s:altLabel "salvia "@es .\n'
    )
    data = dataset.load(folder)
    found = proofreading.proofread(data)
    shown = proofreading.by_cause(
        found, proofreading.proofread(dataset.mended(data)), data.renamings
    )
    blanks = [one.path for one in shown if "begins or ends with a blank" in one.message]
    assert blanks == ["data/text/b.ttl"] * 12 + ["data/text/d.ttl"]


def test_what_other_prefixes_wrote_stays_where_one_is_mended(folder: Path) -> None:
    begin = "https://example.org/garden/id/"
    (folder / "data/text/b.ttl").write_text(f"@prefix plant: <{begin}plant/> .\n")
    (folder / "data/text/c.ttl").write_text(
        f"@prefix plant: <{begin}> .\n@prefix person: <{begin}person/> .\n"
        f'@prefix x: <{ns.DCTERMS}> .\nplant:rue x:creator person:ann ; x:type "1"^^plant:kind .\n'
    )
    data = dataset.load(folder)
    assert [one.place.path for one in data.renamings] == ["data/text/c.ttl"]
    (graph,) = [one for name, one in dataset.mended(data).graphs.items() if name.endswith("text")]
    said = dict(graph.said_of(turtle.Named(f"{begin}plant/rue")))
    assert said[turtle.Named(ns.DCTERMS + "creator")] == turtle.Named(f"{begin}person/ann")
    assert str(said[turtle.Named(ns.DCTERMS + "type")]) == f'"1"^^<{begin}plant/kind>'


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


TABLE = """\
#curie_map:
#  authority: https://example.org/garden/id/authority/
#  plant: https://example.org/garden/id/plant/
#  schema: https://schema.org/
#  viaf: http://viaf.org/viaf/
#  wd: http://www.wikidata.org/entity/
#mapping_set_id: https://example.org/garden/links
"""
COLUMNS = (
    *("subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id"),
    *("object_source", "mapping_justification", "confidence"),
)
ROW = "plant:rue|rue|schema:sameAs||wd:Q165250|authority:wd|semapv:ManualMappingCuration|0.9"
FIRST = TABLE.count("\n") + 2


@pytest.mark.parametrize(
    ("rows", "line", "severity", "words"),
    [
        ([ROW.replace("|rue|", "|mint|")], FIRST, "warning", "which is called `rue`"),
        ([ROW.replace("rue|rue", "ruee|")], FIRST, "warning", "plant:ruee is described nowhere"),
        ([ROW.replace("wd:Q165250", "viaf:165250")], FIRST, "violation", "no record of"),
        ([ROW, ROW], FIRST + 1, "warning", f"probe.sssom.tsv:{FIRST} says the same"),
        ([ROW, ROW.replace("||", "|Not|")], FIRST + 1, "violation", "refuses what"),
        (
            [ROW.replace("0.9", "0.6"), ROW.replace("||", "|Not|")],
            *(FIRST + 1, "warning", "refuses what"),
        ),
        (
            [ROW.replace("rue|rue", "mint|mint"), ROW],
            *(FIRST + 1, "warning", "is said to be plant:mint too"),
        ),
        (
            [ROW, ROW.replace("Q165250", "Q1")],
            *(FIRST + 1, "warning", "is said to be wd:Q165250 of authority:wd too"),
        ),
    ],
)
def test_a_row_of_links_is_held_against_the_data_and_the_other_rows(
    folder: Path, rows: list[str], line: int, severity: str, words: str
) -> None:
    found = table(folder, rows)
    assert [(one.line, one.severity) for one in found if words in one.message] == [(line, severity)]
    assert len(found) == 1


def test_the_first_row_that_is_not_in_its_place_is_told(folder: Path) -> None:
    mint = ROW.replace("rue|rue", "mint|mint").replace("Q165250", "Q1")
    (found,) = table(folder, [ROW, mint, mint.replace("Q1", "Q2").replace("0.9", "0.5")])
    assert (found.line, found.severity) == (FIRST + 1, "warning")
    assert "plant:mint stands below plant:rue; sort the rows" in found.message
    assert table(folder, [mint, ROW]) == []


def test_rows_are_in_order_by_their_iris_whatever_their_prefixes(folder: Path) -> None:
    head = TABLE.replace("#  plant:", "#  a: https://example.org/garden/id/plant/r\n#  plant:")
    mint, rue = ROW.replace("rue|rue", "mint|mint").replace("Q165250", "Q1"), ROW[len("plant:r") :]
    assert table(folder, [mint, f"a:{rue}"], head=head) == []
    assert len(table(folder, [f"a:{rue}", mint], head=head)) == 1


def test_rows_that_are_at_one_are_left_alone(folder: Path) -> None:
    assert table(folder, [ROW, ROW.replace("Q165250", "Q1").replace("0.9", "0.5")]) == []


def test_what_is_no_concept_is_matched_as_none(folder: Path) -> None:
    (folder / "data/text/tools.ttl").write_text(
        f"{PREFIXES}plant:spade a <http://xmlns.com/foaf/0.1/Document> .\n"
    )
    row = ROW.replace("schema:sameAs", "skos:closeMatch").replace("0.9", "0.7")
    (found,) = table(folder, [row, row.replace("rue|rue", "spade|")])
    assert (found.line, found.severity) == (FIRST + 1, "warning")
    assert "skos:closeMatch is of concepts, and plant:spade is none" in found.message


def test_a_row_that_was_judged_on_a_day_to_come_is_told(folder: Path) -> None:
    columns = [*COLUMNS, "mapping_date"]
    (found,) = table(folder, [f"{ROW}|9999-01-31"], columns)
    assert "9999-01-31 is still to come" in found.message
    assert table(folder, [f"{ROW}|2026-01-31"], columns) == []
    # A clock in another zone may be a day ahead; no midnight in between changes either.
    tomorrow, later = (date.today() + timedelta(days=days) for days in (1, 3))
    assert table(folder, [f"{ROW}|{tomorrow}"], columns) == []
    assert len(table(folder, [f"{ROW}|{later}"], columns)) == 1


def test_a_column_that_is_no_slot_is_told_with_the_one_that_is_meant(folder: Path) -> None:
    columns = [one.replace("object_source", "objectsource") for one in COLUMNS]
    (found,) = table(folder, [ROW], columns)
    assert found.line == FIRST - 1
    assert "`objectsource` is no slot of SSSOM; write `object_source`" in found.message
    head = f'{TABLE}#extension_definitions: "own"\n'
    assert table(folder, [ROW], columns, head) == []


def table(
    folder: Path, rows: list[str], columns: Sequence[str] = COLUMNS, head: str = TABLE
) -> list[validation.Finding]:
    path = "data/links/probe.sssom.tsv"
    (folder / path).parent.mkdir(exist_ok=True)
    lines = ["\t".join(columns), *(row.replace("|", "\t") for row in rows)]
    (folder / path).write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    (folder / PLACE).write_text(
        f"{PREFIXES}@prefix void: <http://rdfs.org/ns/void#> .\n"
        "<https://example.org/garden/id/authority/wd>\n  a void:Dataset ;\n"
        '  void:uriSpace "http://www.wikidata.org/entity/" .\n'
        'plant:costmary skos:prefLabel "costmary"@en .\nplant:rue skos:prefLabel "rue"@en .\n'
    )
    return [one for one in proofreading.proofread(dataset.load(folder)) if one.path == path]


@pytest.mark.parametrize(
    ("said", "severity", "words"),
    [
        ('"1347"^^edtf:EDTF|1348-01-01|1347-12-31|"1347"', "violation", "begins after 1347"),
        ('"1347-05"^^edtf:EDTF|1347-05-01|1347-04-30|"1347"', "violation", "ends before 1347-05"),
        ('"134X"^^edtf:EDTF|1340-01-01|1348-12-31|"1340s"', "violation", "ends before 1349"),
        ('"1347"^^edtf:EDTF|1347-01-01|1347-12-31|"1374"', "warning", "the label says 1374"),
        ('"1347~"^^edtf:EDTF|1346-01-01|1348-12-31|"c. 1374"', "warning", "the label says 1374"),
        ('"1347"^^edtf:EDTF|1347-01-01|1347-12-31|"1340"', "warning", "the label says 1340"),
        ('"1347/.."^^edtf:EDTF|1347-01-01|1399-12-31|"until 1346"', "warning", "says 1346"),
        ('"1345~/1349"^^edtf:EDTF|1344-01-01|1349-12-31|"late 1340s"', "", ""),
        ('"13XX"^^edtf:EDTF|1300-01-01|1399-12-31|"14th century"', "", ""),
        ('"1347/1348"^^edtf:EDTF|1347-01-01|1348-12-31|"1347-48"', "", ""),
        ('"1347-21"^^edtf:EDTF|1347-03-01|1347-05-31|"spring of 1347"', "", ""),
        ('"1347-21"^^edtf:EDTF|1374-03-01|1374-05-31|"spring"', "violation", "begins after 1347"),
        ('"-0384"^^edtf:EDTF|-0383-01-01|-0384-12-31|"384"', "violation", "begins after -0384"),
        ('"-0384/-0322"^^edtf:EDTF|-0384-01-01|-0323-12-31|"x"', "violation", "before -0322"),
        ('"1347-XX"^^edtf:EDTF|1347-01-01|1346-12-31|"1347"', "violation", "ends before 1347"),
        ('"1347-05-XX"^^edtf:EDTF|1347-06-01|1347-06-30|"1347"', "violation", "after 1347-05,"),
        ('"[1347,1349]"^^edtf:EDTF|1350-01-01|1351-12-31|"x"', "violation", "begins after 1349"),
        ('"-0384/-0322"^^edtf:EDTF|-0384-01-01|-0322-12-31|"1384 BC"', "", ""),
        ('"-038X"^^edtf:EDTF|-0389-01-01|-0380-12-31|"380s BC"', "", ""),
        ('"1347-XX"^^edtf:EDTF|1347-01-01|1347-12-31|"1347"', "", ""),
        ('"[1347,1349]"^^edtf:EDTF|1347-01-01|1349-12-31|"1347 or 1349"', "", ""),
        ('"XXXX-12"^^edtf:EDTF|1347-01-01|1347-12-31|"a December"', "", ""),
    ],
)
def test_a_time_is_said_alike_in_all_ways(
    folder: Path, said: str, severity: str, words: str
) -> None:
    date, begin, end, label = said.split("|")
    crm = "http://www.cidoc-crm.org/cidoc-crm/"
    (folder / PLACE).write_text(
        f"{PREFIXES}plant:time\n  a <{crm}E52_Time-Span> ;\n"
        f"  <{crm}P82_at_some_time_within> {date} ;\n  skos:prefLabel {label}@en ;\n"
        f'  <{crm}P82a_begin_of_the_begin> "{begin}"^^xsd:date ;\n'
        f'  <{crm}P82b_end_of_the_end> "{end}"^^xsd:date .\n'
    )
    found = [one for one in proofreading.proofread(dataset.load(folder)) if one.path == PLACE]
    told = [one for one in found if words and words in one.message]
    assert [one.severity for one in told] == [severity] * bool(words)
    assert words or found == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('plant:sage skos:prefLabel "sage"@en , "salvia"@en .', "SKOS (S14)"),
        ('plant:sage skos:prefLabel "sage"@en ; skos:altLabel "sage"@en .', "SKOS (S13)"),
        ('plant:sage skos:prefLabel "sage"@en ; skos:hiddenLabel "sage"@en .', "SKOS (S13)"),
        (
            'plant:sage skos:prefLabel "sage"@en ; skos:inScheme plant:list .\n'
            'plant:salvia skos:prefLabel "Sage"@en ; skos:inScheme plant:list .',
            "is called so too",
        ),
        ("plant:sage skos:broader plant:herb .\nplant:herb skos:broader plant:sage .", "above"),
        (
            "plant:sage skos:broader plant:herb ; skos:related plant:plant .\n"
            "plant:herb skos:broader plant:plant .",
            "SKOS (S27)",
        ),
        (
            "plant:herb skos:related plant:sage .\nplant:sage skos:broader plant:herb .",
            "SKOS (S27)",
        ),
    ],
)
def test_what_skos_rules_out_is_found(folder: Path, said: str, words: str) -> None:
    (folder / PLACE).write_text(f"{PREFIXES}{said}\n")
    found = [one for one in proofreading.proofread(dataset.load(folder)) if words in one.message]
    assert found
    assert {one.path for one in found} == {PLACE}


@pytest.mark.parametrize(("kind", "meant"), [("Concept", "exactMatch"), ("Thing", "sameAs")])
def test_what_would_make_two_things_one_is_told(folder: Path, kind: str, meant: str) -> None:
    space = "skos" if kind == "Concept" else "schema"
    (folder / PLACE).write_text(
        f"{PREFIXES}plant:sage a {space}:{kind} ;\n  owl:sameAs <http://example.com/sage> .\n"
    )
    found = [
        one for one in proofreading.proofread(dataset.load(folder)) if "makes both" in one.message
    ]
    assert [(one.path, one.line) for one in found] == [(PLACE, LINE + 1)]
    assert found[0].message.endswith(f"write {space}:{meant}")


TIMES = """\
@prefix crm: <http://www.cidoc-crm.org/cidoc-crm/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix fm: <https://w3id.org/folkmote#> .
@prefix frbr: <http://purl.org/vocab/frbr/core#> .
"""


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "plant:book fm:dated plant:y1 .\nplant:print fm:dated plant:y0 ; frbr:realizationOf plant:book .",
            "is later than its edition plant:print",
        ),
        (
            'plant:book dcterms:created "1347" ; frbr:realization plant:print .\n'
            'plant:print dcterms:issued "1340-05"^^xsd:gYearMonth .',
            "is later than its edition plant:print",
        ),
        (
            "plant:book fm:dated plant:y0 .\nplant:print fm:dated plant:y1 ; frbr:realizationOf plant:book .",
            "",
        ),
        (
            "plant:part crm:P4_has_time-span plant:y0 ; crm:P9i_forms_part_of plant:whole .\n"
            "plant:whole crm:P4_has_time-span plant:y1 .",
            "plant:part is not while plant:whole lasts",
        ),
        (
            'plant:part schema:startDate "1347-05" .\n'
            'plant:whole schema:subEvent plant:part ; schema:startDate "1346" ; schema:endDate "1347-04-30" .',
            "plant:part is not while plant:whole lasts",
        ),
        (
            'plant:part schema:startDate "1347-04" .\n'
            'plant:whole schema:subEvent plant:part ; schema:startDate "1346" ; schema:endDate "1347-04-30" .',
            "",
        ),
        (
            "plant:feast crm:P4_has_time-span plant:y0 ; fm:participant plant:ann .\n"
            "plant:ann fm:born plant:y1 .",
            "plant:feast is before the birth of plant:ann",
        ),
        (
            "plant:feast crm:P4_has_time-span plant:y1 ; crm:P11_had_participant plant:ann .\n"
            'plant:ann schema:deathDate "1300" .',
            "plant:feast is after the death of plant:ann",
        ),
        (
            "plant:feast crm:P4_has_time-span plant:y1 ; crm:P11_had_participant plant:ann .\n"
            'plant:ann schema:deathDate "1347-12-31" ; schema:birthDate "1300" .',
            "",
        ),
        (
            "plant:print dcterms:creator plant:ann ; fm:dated plant:y0 .\nplant:ann fm:born plant:y1 .",
            "plant:print is before the birth of plant:ann",
        ),
        (
            "plant:print dcterms:creator plant:ann ; fm:dated plant:y1 .\nplant:ann fm:died plant:y0 .",
            "",
        ),
        (
            'plant:print fm:citationKey "Ann 1347b" ; fm:dated plant:y0 .',
            "the key names 1347, which is not when plant:print is dated",
        ),
        ('plant:print fm:citationKey "Ann 1340" ; fm:dated plant:y0 .', ""),
        ('plant:print fm:citationKey "1347 letters" ; fm:dated plant:y0 .', ""),
        ('plant:print fm:citationKey "Ann 1347" ; fm:dated plant:y0 , plant:y1 .', ""),
    ],
)
def test_what_cannot_be_at_its_time_is_told(folder: Path, said: str, words: str) -> None:
    years = "".join(
        f"plant:y{number} a crm:E52_Time-Span ;\n"
        f'  crm:P82_at_some_time_within "{year}"^^edtf:EDTF .\n'
        for number, year in enumerate(("1340", "1347"))
    )
    (folder / PLACE).write_text(f"{TIMES}{PREFIXES}{years}{said}\n")
    found = [
        one for one in proofreading.proofread(dataset.load(folder)) if "correct" in one.message
    ]
    assert [one.severity for one in found] == ["warning"] * bool(words)
    assert all(one.path == PLACE and words in one.message for one in found)


PRINTED = """\
@prefix fm: <https://w3id.org/folkmote#> .
"""


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            'plant:a fm:printedForm "rue" ; fm:inPassage plant:p1 ; fm:lettersBefore 38 .',
            "has 40 letters",
        ),
        ('plant:a fm:printedForm "rue" ; fm:inPassage plant:p1 ; fm:lettersBefore 37 .', ""),
        (
            'plant:a fm:printedForm "rue" ; fm:inPassage plant:p1 ; fm:lettersBefore 4 .\n'
            'plant:b fm:printedForm "sage" ; fm:inPassage plant:p1 ; fm:lettersBefore 3 .',
            "where `rue` of plant:a does",
        ),
        (
            'plant:a fm:printedForm "Rue"@en ; fm:inPassage plant:p1 ; fm:lettersBefore 4 .\n'
            'plant:b fm:printedForm "true rue" ; fm:inPassage plant:p1 ; fm:lettersBefore 0 .',
            "",
        ),
        (
            'plant:a fm:printedForm "rue" ; fm:inPassage plant:p1 ; fm:lettersBefore 4 .\n'
            'plant:b fm:printedForm "sage" ; fm:inPassage plant:p2 ; fm:lettersBefore 3 .',
            "",
        ),
        (
            'plant:a fm:printedForm "rue" ; fm:inPassage plant:p1 ; fm:lettersBefore 4 .\n'
            'plant:b fm:printedForm "sage" , "sages" ; fm:inPassage plant:p1 ; fm:lettersBefore 3 .',
            "",
        ),
    ],
)
def test_a_form_that_cannot_stand_in_its_passage_is_found(
    folder: Path, said: str, words: str
) -> None:
    (folder / PLACE).write_text(f"{PRINTED}{PREFIXES}plant:p1 fm:letters 40 .\n{said}\n")
    found = [
        one for one in proofreading.proofread(dataset.load(folder)) if "cannot stand" in one.message
    ]
    assert [(one.path, one.severity) for one in found] == [(PLACE, "violation")] * bool(words)
    assert all(words in one.message for one in found)


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("schema:Person ; skos:prefLabel 'Ann'@en", "schema:Person ; skos:prefLabel 'ann.'@en", 1),
        ("schema:Person ; skos:prefLabel 'Ann'@en", "schema:Place ; skos:prefLabel 'ann.'@en", 0),
        ("schema:Person ; skos:prefLabel 'Ann'@en", "schema:Person ; skos:prefLabel 'Ann'@en", 0),
        ("schema:Person ; skos:prefLabel 'Ann'@en", "schema:Person ; skos:prefLabel 'Anna'@en", 0),
        (
            "schema:Person ; skos:prefLabel '\u0639\u0644\u06cc'@fa",
            "schema:Person ; skos:prefLabel '\u0639\u0644\u064a'@ar",
            1,
        ),
        (
            "schema:Person ; skos:prefLabel '\u0646\u0633\u0627\u0626\u06cc'@fa",
            "schema:Person ; skos:prefLabel '\u0646\u0633\u0627\u06cc\u06cc'@fa",
            1,
        ),
    ],
)
def test_names_that_differ_in_capitals_and_points_are_told(
    folder: Path, one: str, other: str, told: int
) -> None:
    (folder / PLACE).write_text(f"{PREFIXES}plant:a a {one} .\nplant:b a {other} .\n")
    found = proofreading.proofread(dataset.load(folder))
    assert sum("nearly the same" in one.message for one in found) == told


@pytest.mark.parametrize(("label", "told"), [("1347", 1), ("year of 1347", 0)])
def test_a_time_that_is_described_twice_is_told(folder: Path, label: str, told: int) -> None:
    crm = "http://www.cidoc-crm.org/cidoc-crm/"
    (folder / PLACE).write_text(
        PREFIXES
        + "".join(
            f"plant:{name} a <{crm}E52_Time-Span> ; skos:prefLabel '{text}'@en ;\n"
            f"  <{crm}P82_at_some_time_within> '1347'^^edtf:EDTF .\n"
            for name, text in (("a", "1347"), ("b", label))
        )
    )
    found = proofreading.proofread(dataset.load(folder))
    assert sum("same date and label" in one.message for one in found) == told


def test_concepts_of_two_schemes_may_be_called_alike(folder: Path) -> None:
    (folder / PLACE).write_text(
        f'{PREFIXES}plant:sage skos:prefLabel "sage"@en , "Salbei"@de ; skos:inScheme plant:a .\n'
        'plant:salvia skos:prefLabel "sage"@en ; skos:inScheme plant:b .\n'
    )
    found = proofreading.proofread(dataset.load(folder))
    assert [one for one in found if "called so" in one.message or "SKOS" in one.message] == []


def test_what_points_at_a_retired_thing_is_found_with_what_replaced_it(folder: Path) -> None:
    (folder / PLACE).write_text(
        f"{PREFIXES}plant:mint skos:related plant:sage .\n"
        "plant:sage a skos:Concept ; owl:deprecated true ;\n"
        "  <http://purl.org/dc/terms/isReplacedBy> plant:rue .\n"
        "plant:rue <http://purl.org/dc/terms/replaces> plant:sage .\n"
    )
    found = proofreading.proofread(dataset.load(folder))
    told = [(one.line, one.message) for one in found if "retired" in one.message]
    assert told == [(LINE, "plant:sage was retired; write plant:rue")]


def test_a_retired_name_needs_no_class(folder: Path) -> None:
    (folder / PLACE).write_text(
        f"{PREFIXES}plant:sage owl:deprecated true ;\n"
        "  <http://purl.org/dc/terms/isReplacedBy> plant:rue .\n"
        "plant:rue a skos:Concept .\n"
        'plant:costmary skos:prefLabel "costmary"@en .\n'
    )
    told = [one.message for one in proofreading.proofread(dataset.load(folder))]
    assert [one for one in told if "what kind of thing" in one] == [
        "no file says what kind of thing plant:costmary is; add `a` and its class"
    ]


def test_numbers_of_authorities_are_judged_by_their_check_digits() -> None:
    right = (
        *("https://isni.org/isni/0000000121032683", "http://isni.org/0000 0001 2103 2683"),
        *("https://d-nb.info/gnd/118540238", "https://d-nb.info/gnd/4020160-0"),
        *("urn:isbn:9783161484100", "https://doi.org/10.1000/182"),
        *("http://data.bnf.fr/ark:/12148/cb11928669t#about", "http://www.idref.fr/026812304/id"),
        *("http://id.loc.gov/authorities/names/n78095637", "https://www.wikidata.org/wiki/Help:X"),
    )
    wrong = (
        *("https://isni.org/isni/0000000121032684", "https://d-nb.info/gnd/118540239"),
        *("http://data.bnf.fr/ark:/12148/cb11928669z", "http://www.idref.fr/026812305/id"),
        *("http://id.loc.gov/authorities/names/78095637", "http://viaf.org/viaf/0"),
        *("https://d-nb.info/gnd/4020160-1", "urn:issn:0317-8472", "https://doi.org/182"),
        *("https://www.wikidata.org/entity/42", "http://orcid.org/0000-0002-1825"),
    )
    assert [iri for iri in right if identifiers.wrong_address(iri)] == []
    assert [iri for iri in wrong if not identifiers.wrong_address(iri)] == []


@pytest.mark.parametrize(
    ("iri", "own"),
    [
        ("https://www.wikidata.org/entity/Q42", "http://www.wikidata.org/entity/Q42"),
        (
            "http://www.wikidata.org/wiki/Special:EntityData/Q42.ttl",
            "http://www.wikidata.org/entity/Q42",
        ),
        ("https://viaf.org/en/viaf/27063124/", "http://viaf.org/viaf/27063124"),
        ("http://d-nb.info/gnd/118540238", "https://d-nb.info/gnd/118540238"),
        ("http://isni.org/0000 0001 2103 2683", "https://isni.org/isni/0000000121032683"),
        (
            "https://id.loc.gov/authorities/names/n78095637.html",
            "http://id.loc.gov/authorities/names/n78095637",
        ),
        ("https://www.geonames.org/6255148/europe.html", "https://sws.geonames.org/6255148/"),
        ("https://sws.geonames.org/6255148", "https://sws.geonames.org/6255148/"),
        ("http://orcid.org/0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("http://dx.doi.org/10.1000/182", "https://doi.org/10.1000/182"),
        ("http://viaf.org/viaf/27063124", ""),
        ("https://www.wikidata.org/wiki/Wikidata:Main_Page", ""),
        ("https://d-nb.info/gnd/118540238/about/lds", ""),
        ("https://viaf.org/viaf/abc", ""),
    ],
)
def test_a_record_of_an_authority_has_one_address(iri: str, own: str) -> None:
    assert identifiers.other_address(iri) == own


def test_a_registered_language_is_known_by_its_code() -> None:
    known = Tags()
    assert [
        tag for tag in ("akk", "non", "gmh", "yue", "iw", "mis", "und") if known.wrong(tag)
    ] == []
    assert all(known.wrong(tag) for tag in ("qqx1", "abcd", "jp", "zzzz-Latn"))


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("384 BC", "-0383"),
        ("1 v. Chr.", "0000"),
        ("-384", "-0384"),
        ("\u22120384", "-0384"),
        ("1931-xx", "1931-XX"),
        ("1931-??", "1931-XX"),
        ("1931-00-00", "1931"),
        ("19uu", "19XX"),
        ("193-", "193X"),
        ("1931-5-3", "1931-05-03"),
        ("3.5.1931", "1931-05-03"),
        ("19310503", "1931-05-03"),
        (" 1931", "1931"),
        ("unknown/1931", "/1931"),
        ("1931/open", "1931/.."),
        ("1931?~", "1931%"),
        ("1347 or 1349", "[1347,1349]"),
        ("1931/1921", ""),
        ("0 BC", ""),
        ("\u06f1\u06f9\u06f3\u06f1-\u06f5", "1931-05"),
    ],
)
def test_a_date_of_an_older_draft_or_of_haste_is_told_as_it_is_written(
    said: str, date: str
) -> None:
    assert dates.meant(said) == date


def test_what_people_write_for_a_date_has_a_form_in_edtf() -> None:
    assert dates.meant("ca 1347") == "1347~"
    assert dates.meant("1340s") == "134X"
    assert dates.meant("before 1347") == "../1347"
    assert dates.meant("1347-13") == ""  # a month, or a span that goes backwards
    assert dates.meant("long ago") == ""


QUESTION = """\
@prefix plant: <https://example.org/garden/id/plant/> .
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
  sh:defaultValue plant:rue ;
  sh:pattern "rue$" ;
  sh:path q:plant .
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        (
            "Which {?plant}?",
            "Which {plant}?",
            11,
            "{plant}, which stays as it stands; write {?plant}",
        ),
        ("Which {?plant}?", "Which {?herb}?", 11, "{?herb}, which no sh:parameter sets"),
        ("sh:path q:plant", "sh:path q:herb", 12, "sets ?herb, which the query does not have"),
        ("which#plant> ;", "which#plnat> ;", 12, "is a parameter that nothing describes"),
        ("VALUES ?plant {", "BIND(1 AS ?x) VALUES ?plnt {", 12, "has no place for a value"),
        ("sh:defaultValue plant:rue", "sh:defaultValue plant:mint", 17, "the query begins with"),
        ('sh:pattern "rue$"', 'sh:pattern "mint$"', 17, "does not fit `mint$`"),
        ('sh:pattern "rue$"', 'sh:pattern "(rue$"', 18, "is no regular expression"),
        ("  sh:defaultValue plant:rue ;\n", "", 18, "has no sh:defaultValue, so that its page"),
        ('sh:pattern "rue$"', "sh:in ( plant:mint )", 17, "none of those that sh:in lists"),
        ('sh:pattern "rue$"', "sh:in ( plant:mint plant:rue )", 0, "sh:in"),
        ('sh:pattern "rue$"', 'sh:pattern "\\\\p{L}"', 0, "regular expression"),
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
    assert [(one.path, one.line) for one in told] == [("data/questions/which.ttl", line)] * bool(
        line
    )


@pytest.mark.parametrize(
    ("written", "bound", "words"),
    [
        ("7", "sh:minInclusive 8", "is less than 8; give another default, or mend sh:minInclusive"),
        ("7", "sh:maxInclusive 6", "is more than 6; give another default, or mend sh:maxInclusive"),
        ("7", "sh:minInclusive 7", ""),
        ("07", "sh:maxInclusive 8", "the query begins with"),
    ],
)
def test_a_default_is_a_number_that_its_parameter_takes(
    folder: Path, written: str, bound: str, words: str
) -> None:
    place = folder / "data/questions/which.ttl"
    place.parent.mkdir()
    text = QUESTION.replace("<https://example.org/garden/id/plant/rue> }", f"{written} }}")
    text = text.replace("sh:defaultValue plant:rue", "sh:defaultValue 7")
    place.write_text(text.replace('sh:pattern "rue$"', bound))
    found = proofreading.proofread(dataset.load(folder))
    assert [one.message for one in found if words in one.message] == [one.message for one in found]
    assert len(found) == bool(words)


def test_a_query_is_of_the_form_that_its_property_says(folder: Path) -> None:
    (found,) = asked(folder, "PREFIX x: <http://example.com/> ASK { plant:rue ?p ?name }")
    assert "is a query of the form ASK; write sh:ask" in found.message


def test_a_question_has_an_address_of_the_data_set_and_prefixes_that_are_declared(
    folder: Path,
) -> None:
    place = folder / "data/questions/which.ttl"
    place.parent.mkdir()
    place.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n"
        "<https://example.com/which>\n  a sh:SPARQLExecutable ;\n"
        "  sh:prefixes <https://example.org/garden/shape> ;\n"
        '  sh:select "SELECT ?n { ?s ?p ?n }" .\n'
    )
    found = proofreading.proofread(dataset.load(folder))
    told = {
        one.line: (one.severity, one.message) for one in found if one.path.endswith("which.ttl")
    }
    assert {line: severity for line, (severity, _) in told.items()} == {5: "warning", 6: "warning"}
    assert "declares no prefixes" in told[5][1]
    assert "does not begin with <https://example.org/garden/>" in told[6][1]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?nam { plant:rue ?p ?name }", "write `?name`"),
        ("SELECT ?name { plant:rue ?p ?name } ORDER BY DESC(?nme)", "write `?name`"),
        ("SELECT ?name { plant:rue ?p ?name FILTER(?q > 1 && ?name != 2) }", "?q stands in no"),
        ("SELECT ?name { plant:rue ?p ?name FILTER regex(?q, 'a') }", "?q stands in no"),
        ("SELECT ?n { ?s ?p ?n FILTER(LANG(?n) = 'eng') }", "in `eng`, which is longer"),
        ("SELECT ?n { ?s ?p ?n FILTER(langMatches(lang(?n), 'xyq')) }", "names no language"),
        ("SELECT ?n { ?s ?p ?n FILTER(REGEX(?n, '[a')) }", "'[a' is no regular expression"),
        ("SELECT ?n { ?s ?p ?n FILTER regex(STR(?n), 'a{2,1}', 'i') }", "nothing fits it"),
        ("SELECT ?name { plant:ruee ?p ?name }", "plant:ruee, which is described nowhere"),
        (
            "SELECT ?n { <https://example.org/garden/id/plant/x> ?p ?n }",
            "asks of plant:x, which is described nowhere",
        ),
        (
            "SELECT ?n { GRAPH <https://example.org/garden/graph/txt> { ?s ?p ?n } }",
            "which no file makes",
        ),
    ],
)
def test_a_query_asks_of_what_is_there(folder: Path, query: str, words: str) -> None:
    (found,) = asked(folder, query)
    assert words in found.message
    assert (found.line, found.severity) == (6, "violation")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { plant:rue ?p ?name }",
        "SELECT ?p (COUNT(?name) AS ?n) { ?s ?p ?name } GROUP BY ?p HAVING(COUNT(?name) > 1) "
        "ORDER BY ?n",
        "SELECT ?b { ?s ?p ?n BIND(STR(?n) AS ?b) FILTER(EXISTS { ?s ?q ?o FILTER(?o != ?n) }) }",
        "SELECT ?a ?b { VALUES (?a ?b) { (1 2) } }",
        "SELECT ?n { { SELECT (MAX(?o) AS ?n) { ?s ?p ?o } } }",
        "ASK { GRAPH <https://example.org/garden/graph/inferred> { ?s ?p ?o } }",
        "SELECT ?s { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'https://example.org/garden/id/x')) }",
        "SELECT ?n { ?s ?p ?n FILTER(REGEX(?n, '^\\\\\\\\p{L}+$') || REGEX(?n, ?s)) }",
        "SELECT ?n { ?s ?p ?n FILTER(REGEX(?n, '(', 'q') || REGEX(?n, '(', ?s)) }",
        "SELECT ?n { ?s ?p ?n FILTER(LANG(?n) = '' || lang(?n) != 'de' || langMatches(LANG(?n), '*')) }",
        "PREFIX p: <https://example.org/garden/id/plant/> SELECT ?n { p:rue ?p ?n } # ?x",
    ],
)
def test_a_query_that_may_have_an_answer_is_left_alone(folder: Path, query: str) -> None:
    assert asked(folder, query) == []


def asked(folder: Path, query: str) -> list[validation.Finding]:
    form = "ask" if query.startswith("ASK") else "select"
    place = folder / "data/questions/which.ttl"
    place.parent.mkdir()
    place.write_text(
        "@prefix q: <https://example.org/garden/questions/> .\n"
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n"
        f'q:which\n  a sh:SPARQLExecutable ;\n  sh:{form} "{query}" .\n'
    )
    return proofreading.proofread(dataset.load(folder))


@pytest.mark.parametrize("before", ["", "?a ?b true."])
def test_a_query_that_asks_elsewhere_is_told(folder: Path, before: str) -> None:
    query = f"ASK {{ {before}SERVICE <https://example.com/sparql> {{ ?a ?b ?c }} }}"
    (found,) = asked(folder, query)
    assert "SERVICE in line 1" in found.message
    assert "asks another server" in found.message


@pytest.mark.parametrize("point", ["1.25, 51.9", "1,25 51,9", "51.9 119.7", "51.9"])
def test_a_point_that_is_none_on_the_earth_is_told(folder: Path, point: str) -> None:
    wkt = "<http://www.opengis.net/ont/geosparql#wktLiteral>"
    (found,) = read(folder, f'schema:geo "POINT({point})"^^{wkt}')
    assert (found.line, found.severity) == (LINE + 1, "violation")
    assert "longitude and then latitude" in found.message
    for right in (
        "POINT(1.25 51.9)",
        "POINT EMPTY",
        "POINT Z (1 2 3)",
        "POINT M (1 2 3)",
        "LINESTRING(1 2, 3 4)",
    ):
        assert read(folder, f'schema:geo "{right}"^^{wkt}') == []


@pytest.mark.parametrize("isbn", ["schema:isbn", "<http://schema.org/isbn>"])
def test_two_things_of_one_identifier_are_told(folder: Path, isbn: str) -> None:
    (found,) = read(folder, f'{isbn} "9780306406157" .\nplant:mint {isbn} "9780306406157"')
    assert found.line in (LINE + 1, LINE + 2)
    assert re.search(r"is the identifier of plant:(rue|mint) too", found.message)
    assert (
        read(folder, 'schema:isbn "9780306406157" .\nplant:mint schema:isbn "9783161484100"') == []
    )


@pytest.mark.parametrize(
    ("place", "said", "words"),
    [
        (PLACE, "plant:x a <http://www.w3.org/ns/shacl#NodeShape>", "rules are read in shapes/"),
        (PLACE, "plant:x a <http://www.w3.org/ns/shacl#SPARQLExecutable>", "data/questions/"),
        ("ontology/more.ttl", "plant:x a schema:Thing", "is a thing among the terms"),
        ("ontology/more.ttl", "plant:x a skos:ConceptScheme", ""),
        (PLACE, "plant:x a schema:Thing", ""),
    ],
)
def test_what_does_nothing_where_it_stands_is_told(
    folder: Path, place: str, said: str, words: str
) -> None:
    (folder / place).write_text(f"{PREFIXES}{said} .\n", encoding="utf-8")
    found = [one for one in proofreading.proofread(dataset.load(folder)) if one.path == place]
    assert [(one.line, words in one.message) for one in found] == [(LINE, True)] * bool(words)


def test_a_digest_of_two_passages_of_other_lengths_is_told(folder: Path) -> None:
    said = "plant:{} fm:letters {} ; fm:letterDigest '{}' .\n"
    head = f"{PREFIXES}@prefix fm: <{ns.FM}> .\n"
    same = said.format("a", 7, "abc") + said.format("b", 7, "abc")
    (folder / PLACE).write_text(head + same, encoding="utf-8")
    assert digests(folder) == []
    (folder / PLACE).write_text(head + same + said.format("c", 9, "abc"), encoding="utf-8")
    (found,) = digests(folder)
    assert (found.line, found.severity) == (LINE + 3, "violation")


def test_a_passage_without_letters_has_no_other_length_than_another(folder: Path) -> None:
    head = f"{PREFIXES}@prefix fm: <{ns.FM}> .\n"
    uncounted = "".join(f"plant:{one} fm:letterDigest 'abc' .\n" for one in "ac")
    counted = "plant:b fm:letters 7 ; fm:letterDigest 'abc' .\n"
    (folder / PLACE).write_text(head + uncounted + counted, encoding="utf-8")
    assert digests(folder) == []


def digests(folder: Path) -> list[validation.Finding]:
    found = proofreading.proofread(dataset.load(folder))
    return [one for one in found if "is the digest of" in one.message]


MENTION = """\
plant:m{0} a plant:Mention ; <http://www.w3.org/2000/01/rdf-schema#label> "{1} in {2}"@en ;
  fm:basis plant:stated ; plant:names plant:{3} ; fm:inPassage plant:p{4} .
"""


@pytest.mark.parametrize(
    ("label", "passage", "thing", "words"),
    [
        ("rue", "3", "rue", ""),
        ("Mint, the herb", "3", "mint", ""),
        ("mint", "3", "rue", "does not name `rue`, to which plant:names leads (plant:rue)"),
        ("rue", "4", "rue", "does not name `3`, to which fm:inPassage leads (plant:p3)"),
        ("rue", "13", "rue", "does not name `3`"),
        ("rue", "3.1", "rue", "does not name `3`"),
        ("rue", "1.3", "rue", "does not name `3`"),
        ("Herb of the U.N.", "3", "un", ""),
        ("U.N.-herb", "3", "un", ""),
        ("The G B of old", "3", "gb", ""),
        ("The big bush", "3", "gb", "does not name `g b`"),
    ],
)
def test_a_label_names_what_those_of_its_class_name(
    folder: Path, label: str, passage: str, thing: str, words: str
) -> None:
    mentions = [MENTION.format(one, "rue", one % 5, "rue", one % 5) for one in range(30)]
    passages = [f'plant:p{one} fm:number "{one}" .\n' for one in range(5)]
    mentions.append(MENTION.format("", label, passage, thing, 3))
    names = (("rue", "rue"), ("mint", "mint (herb)"), ("un", "U.N."), ("gb", "G B"))
    named = "".join(f'plant:{iri} skos:prefLabel "{name}"@en .\n' for iri, name in names)
    text = f"{PREFIXES}@prefix fm: <{ns.FM}> .\n" + "".join((*passages, named, *mentions))
    (folder / PLACE).write_text(text, encoding="utf-8")
    found = [
        one
        for one in proofreading.proofread(dataset.load(folder))
        if one.message.startswith("the label")
    ]
    assert [words in one.message for one in found] == [True] * bool(words)
    assert all(one.line == text.count("\n") - 1 for one in found)


STANCE = """\
plant:s a plant:Stance ; rdfs:label "{0}"@en ; fm:basis plant:stated ;
  fm:holder plant:ann ; fm:attitude plant:Holds ; fm:towards plant:good .
plant:t a plant:Stance ; rdfs:label "Bob holds: Rue is bad."@en ; fm:basis plant:stated ;
  fm:holder plant:bob ; fm:attitude plant:Holds ; fm:towards plant:bad .
plant:good rdfs:label "Rue is good, and Bob rejects mint."@en .
plant:bad rdfs:label "Rue is bad."@en .
plant:ann skos:prefLabel "Ann"@en . plant:bob skos:prefLabel "Bob"@en .
plant:Holds skos:prefLabel "holds"@en ; skos:inScheme plant:attitudes .
plant:Rejects skos:prefLabel "rejects"@en ; skos:inScheme plant:attitudes .
"""


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Ann holds: Rue is good, and Bob rejects mint.", ""),
        ("Ann maintains: Rue is good, and Bob rejects mint.", ""),
        ("Ann holds what stands there.", ""),
        ("Ann holds: Rue is bad.", "the label names plant:bad, and its record leads to plant:good"),
        ("Bob holds: Rue is good, and Bob rejects mint.", "names plant:bob"),
        ("Ann rejects: Rue is good, and Bob rejects mint.", "names plant:Rejects"),
    ],
)
def test_the_label_of_one_of_few_stances_names_what_is_its_own(
    folder: Path, label: str, words: str
) -> None:
    head = f"{PREFIXES}@prefix fm: <{ns.FM}> .\n@prefix rdfs: <{ns.RDFS}> .\n"
    (folder / PLACE).write_text(head + STANCE.format(label), encoding="utf-8")
    found = [
        one
        for one in proofreading.proofread(dataset.load(folder))
        if one.message.startswith("the label")
    ]
    assert [words in one.message for one in found] == [True] * bool(words)
    assert all((one.path, one.line) == (PLACE, head.count("\n") + 1) for one in found)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            'plant:a skos:definition "A herb."@en . plant:b skos:definition "A herb."@en .',
            "plant:a is defined so too, word for word",
        ),
        ('plant:a skos:definition "A herb."@en . plant:b skos:definition "A herb."@de .', ""),
        (
            'plant:a skos:definition "A herb."@en ; owl:deprecated true .\n'
            'plant:b skos:definition "A herb."@en .',
            "",
        ),
        (
            'plant:s fm:towards plant:a . plant:a rdfs:label "Rue is good."@en .\n'
            'plant:t fm:towards plant:b . plant:b rdfs:label "Rue is good."@en .',
            "plant:a is worded so too",
        ),
        (
            'plant:s fm:towards plant:a . plant:a rdfs:label "Rue is good."@en .\n'
            'plant:b rdfs:label "Rue is good."@en .',
            "",
        ),
    ],
)
def test_what_was_copied_from_another_thing_is_told(folder: Path, said: str, words: str) -> None:
    head = f"{PREFIXES}@prefix fm: <{ns.FM}> .\n@prefix rdfs: <{ns.RDFS}> .\n"
    (folder / PLACE).write_text(head + said, encoding="utf-8")
    found = [
        one
        for one in proofreading.proofread(dataset.load(folder))
        if "word for word" in one.message
    ]
    assert [words in one.message for one in found] == [True] * bool(words)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("schema:about plant:rue", "schema:about leads from a thing to itself"),
        ("schema:about plant:mint", ""),
        ('schema:pagination "40\u201339"', "`40\u201339` ends before it begins"),
        ('schema:pagination "233-49"', ""),
        ('schema:pagination "23-5"', ""),
        ('schema:pagination "pp. 5-23, 40-39"', "`40-39` ends before"),
        ('schema:pagination "1990-05-01"', ""),
        ("schema:numberOfPages -313", "`-313` is no number of pages"),
        ('schema:numberOfPages "313 p."', "`313 p.` is no number of pages"),
        ("schema:numberOfPages 313", ""),
    ],
)
def test_what_a_value_cannot_be_is_told_at_its_line(
    folder: Path, statement: str, words: str
) -> None:
    found = [
        one
        for one in read(folder, statement)
        if "itself" in one.message or "begins" in one.message or "of pages" in one.message
    ]
    assert [(one.line, words in one.message) for one in found] == [(LINE + 1, True)] * bool(words)


def test_a_base_on_ones_own_machine_is_told_once(folder: Path) -> None:
    for path in folder.rglob("*.ttl"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("https://example.org/", "http://localhost:8000/"))
    found = [
        one for one in proofreading.proofread(dataset.load(folder)) if "machine" in one.message
    ]
    assert [one.message.partition(" leads")[0] for one in found] == ["the base"]
    lines = (folder / found[0].path).read_text(encoding="utf-8").splitlines()
    assert "preferredNamespaceUri" in lines[found[0].line - 1]


@pytest.mark.parametrize(
    ("space", "said", "told"),
    [
        ("http://purl.org/dc/elements/1.1", "", 1),
        ("http://purl.org/dc/elements/1.1/", "", 0),
        ("http://www.wikidata.org/entity/Q", "plant:rue skos:exactMatch dc:42 .", 0),
    ],
)
def test_a_prefix_without_an_end_that_nothing_uses_is_told(
    folder: Path, space: str, said: str, told: int
) -> None:
    (folder / PLACE).write_text(f"{PREFIXES}@prefix dc: <{space}> .\n{said}\n", encoding="utf-8")
    found = proofreading.proofread(dataset.load(folder))
    ends = [(one.path, one.line) for one in found if "ends in no" in one.message]
    assert ends == [(PLACE, PREFIXES.count("\n") + 1)] * told


def test_what_few_labels_name_is_no_habit(folder: Path) -> None:
    mentions = [MENTION.format(one, "rue" if one % 3 else "mint", 1, "rue", 1) for one in range(30)]
    text = f'{PREFIXES}@prefix fm: <{ns.FM}> .\nplant:rue skos:prefLabel "rue"@en .\n'
    (folder / PLACE).write_text(text + "".join(mentions), encoding="utf-8")
    found = proofreading.proofread(dataset.load(folder))
    assert [one for one in found if one.message.startswith("the label")] == []


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


def test_what_was_found_is_told_though_a_rule_cannot_be_carried_out(
    run: Runner, folder: Path
) -> None:
    (folder / PLACE).write_text(f'{PREFIXES}plant:rue skos:altLabel "ru\u200be"@en .\n')
    broken = Path(__file__).parent / "broken/rule-that-makes-blanks/shapes/rules.ttl"
    (folder / "shapes/rules.ttl").write_text(broken.read_text())
    done = run("check", ".", cwd=folder)
    assert f"{PLACE}:{LINE}: warning: the text holds U+200B" in done.stdout
    assert "may not make or point at blank nodes" in done.stderr
    assert done.returncode == 3


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
