"""Tables of mappings are read as SSSOM says, and the shipped ones keep the rules of the links."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from publish import dataset, errors, mappings, statistics
from publish import namespaces as ns

ROOT = Path(__file__).parent.parent
TABLES = sorted((ROOT / "data").rglob("*.sssom.tsv"))
COLUMNS = [
    *("subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id"),
    *("object_label", "mapping_justification", "author_label", "object_source"),
    *("object_source_version", "mapping_date", "confidence", "comment"),
]
HEAD = """\
#curie_map:
#  river: https://example.org/river/id/
#  wd: "http://www.wikidata.org/entity/"
#  schema: https://schema.org/
#object_source: wd:Q2013
"""
NAMES = "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tconfidence"
SEEN = "semapv:ManualMappingCuration"
ROWS = f"""\
river:elbe\tschema:sameAs\t\twd:Q1644\t{SEEN}\t0.95
river:elbe\tschema:sameAs\tNot\twd:Q1\t{SEEN}\t0.95
river:oder\tschema:sameAs\t\twd:Q552\t{SEEN}\t0.7
river:spree\tskos:closeMatch\t\twd:Q1684\t{SEEN}\t0.71
"""


def table(rows: str, head: str = HEAD, names: str = NAMES) -> mappings.Table:
    return mappings.parse(f"{head}{names}\n{rows}".encode(), "links/rivers.sssom.tsv")


def faults(rows: str, head: str = HEAD, names: str = NAMES) -> str:
    with pytest.raises(errors.TurtleErrors) as caught:
        table(rows, head, names)
    assert all(isinstance(error, errors.MappingError) for error in caught.value.errors)
    return str(caught.value)


CELL = st.one_of(
    st.text(max_size=10),
    st.sampled_from(
        ["river:elbe", "wd:Q1", "schema:sameAs", SEEN, "0.9", "Not", "nan", '"', "x:y"]
    ),
)


@given(
    st.lists(st.lists(CELL, max_size=7).map("\t".join), max_size=4).map("\n".join),
    st.one_of(st.just(HEAD), st.text(max_size=40).map("#{}\n".format)),
    st.one_of(st.just(NAMES), st.lists(CELL, max_size=6).map("\t".join)),
)
def test_no_table_fails_in_another_way(rows: str, head: str, names: str) -> None:
    try:
        read = table(rows, head, names)
    except errors.TurtleErrors as error:
        assert all(isinstance(one, errors.MappingError) for one in error.errors)
    else:
        assert all(one.line for one in read.matches)


def test_a_row_is_read_with_its_line_and_its_names_in_full() -> None:
    first = table(ROWS).matches[0]
    assert (first.path, first.line) == ("links/rivers.sssom.tsv", 7)
    assert first.subject == "https://example.org/river/id/elbe"
    assert first.predicate == "https://schema.org/sameAs"
    assert first.object == "http://www.wikidata.org/entity/Q1644"
    assert first.confidence == 0.95


def test_only_what_is_sure_and_not_refused_is_asserted() -> None:
    assert [match.asserted for match in table(ROWS).matches] == [True, False, False, True]


def test_what_was_refused_as_the_same_is_said_to_be_another() -> None:
    rows = (
        f"river:elbe\tschema:sameAs\tNot\twd:Q1\t{SEEN}\t0.95\n"
        f"river:elbe\tskos:exactMatch\tNot\twd:Q2\t{SEEN}\t0.95\n"
        f"river:elbe\tschema:sameAs\tNot\twd:Q3\t{SEEN}\t0.7\n"
        f"river:elbe\tschema:sameAs\t\tsssom:NoTermFound\t{SEEN}\t1\twd:Q2013\t2026\n"
        f"river:elbe\tschema:sameAs\t\twd:Q4\t{SEEN}\t0.95\n"
    )
    names = f"{NAMES}\tobject_source\tobject_source_version"
    lines = [line + "\t" * (7 - line.count("\t")) for line in rows.splitlines()]
    found = table("\n".join(lines) + "\n", names=names).matches
    assert [one.stated for one in found] == [
        ns.OWL + "differentFrom",
        *("", "", ""),
        ns.SCHEMA + "sameAs",
    ]


def test_the_head_speaks_for_all_rows() -> None:
    assert {match.cells["object_source"] for match in table(ROWS).matches} == {"wd:Q2013"}


def test_a_row_overrules_the_head() -> None:
    row = f"river:elbe\tschema:sameAs\t\twd:Q1644\t{SEEN}\t0.95\twd:Q36578\n"
    (match,) = table(row, names=f"{NAMES}\tobject_source").matches
    assert match.cells["object_source"] == "wd:Q36578"


def test_the_prefixes_of_sssom_itself_need_not_be_declared() -> None:
    assert table(ROWS).matches[3].predicate == ns.SKOS + "closeMatch"


def test_a_quoted_cell_may_go_over_several_lines() -> None:
    rows = ROWS.replace("0.95\n", '0.95\t"one\ntwo"\n').replace("0.7\n", "0.7\t\n")
    read = table(rows.replace("0.71\n", "0.71\t\n"), names=f"{NAMES}\tcomment").matches
    assert read[0].cells["comment"] == "one\ntwo"
    assert [match.line for match in read] == [7, 9, 11, 12]


def test_a_table_saved_by_a_spreadsheet_is_read() -> None:
    text = f"{HEAD}{NAMES}\n{ROWS}".replace("\n", "\r\n")
    assert len(mappings.parse(b"\xef\xbb\xbf" + text.encode(), "x").matches) == 4


def test_a_search_without_result_says_where() -> None:
    row = f"river:spree\tschema:sameAs\t\tsssom:NoTermFound\t{SEEN}\t1"
    (match,) = table(f"{row}\t2026-01\n", names=f"{NAMES}\tobject_source_version").matches
    assert match.missing
    assert not match.asserted
    assert "links/rivers.sssom.tsv:7: nothing found, but not said where" in faults(f"{row}\n")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f"river:a\tschema:sameAs\t\twd:Q1\t{SEEN}\n", "5 cells below 6 names of columns"),
        ("river:a\tschema:sameAs\t\twd:Q1\t\t0.9\n", "no mapping_justification; fill the cell"),
        (f"\tschema:sameAs\t\twd:Q1\t{SEEN}\t\n", "no subject_id and no confidence"),
        (f"river:a\tschema:sameAs\t\twd:Q1\t{SEEN}\t2\n", "confidence `2`; write a number"),
        (f"river:a\tschema:sameAs\t\twd:Q1\t{SEEN}\tnan\n", "confidence `nan`; write a number"),
        (f"river:a\tschema:sameAs\t\twd:Q1\t{SEEN}\thigh\n", "confidence `high`; write a number"),
        (f"river:a\tschema:sameAs\tnot\twd:Q1\t{SEEN}\t1\n", "predicate_modifier `not`"),
        (f"river:a\tschema:sameAs\t\tgnd:1\t{SEEN}\t1\n", "declare `gnd` in curie_map"),
        (
            f"river:a\tschema:sameAs\t\twd:Q1\t{SEEN}\n" * 3,
            "5 cells below 6 names of columns (3 times, here first)",
        ),
        (
            f"river:a\tschema:sameAs\t\thttps://www.wikidata.org/wiki/Q1\t{SEEN}\t1\n",
            "`https://www.wikidata.org/wiki/Q1` is an address in full; write it as prefix:name",
        ),
        (f"river:a\tschema:sameAs\t\tQ1\t{SEEN}\t1\n", "`Q1` is no prefixed name"),
        (f"river:a b\tschema:sameAs\t\twd:Q1\t{SEEN}\t1\n", "`river:a b` makes no IRI"),
        (f'river:a\tschema:sameAs\t\t"wd:Q1\t{SEEN}\t1\n', "a row that cannot be read"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_line(row: str, said: str) -> None:
    message = faults(row)
    assert message.startswith("links/rivers.sssom.tsv:7: ")
    assert said in message


@pytest.mark.parametrize("where", ["row", "table"])
def test_what_only_looks_like_an_iri_is_none(where: str) -> None:
    if where == "row":
        head = HEAD.replace("https://example.org/river/id/", '"http://["')
        assert "`river:a` makes no IRI" in faults(
            f"river:a\tschema:sameAs\t\twd:Q1\t{SEEN}\t1\n", head
        )
    else:
        assert not [*mappings.records(table(ROWS, f'#mapping_set_id: "http://[x"\n{HEAD}'))]


def test_all_faulty_rows_are_told_in_one_run() -> None:
    rows = f"river:a\tschema:sameAs\t\tgnd:1\t{SEEN}\t1\nriver:b\tschema:sameAs\t\tQ1\t{SEEN}\t5\n"
    places = [line.partition(": ")[0] for line in faults(rows).splitlines()]
    assert places == ["links/rivers.sssom.tsv:7", *["links/rivers.sssom.tsv:8"] * 2]


@pytest.mark.parametrize(
    ("head", "names", "said"),
    [
        (HEAD, "subject_id\tobject_id", ":6: no column predicate_id and no mapping_justification"),
        (HEAD, f"{NAMES}\tconfidence", ":6: the column confidence stands twice"),
        (HEAD, "", ":6: no names of columns"),
        ("#curie_map:\n#  wd: [\n", NAMES, ":2: metadata that is no YAML"),
        ("#curie_map:\n#  wd: w\n# x: y\n", NAMES, ":3: metadata that is no YAML: begin names"),
        (HEAD, NAMES.replace("\t", ";"), ":6: `;` between the columns; save the table with tabs"),
        (
            HEAD,
            NAMES.replace("\t", "    "),
            ":6: ` ` between the columns; save the table with tabs",
        ),
        ("#curie_map: none\n", NAMES, ":1: curie_map is no list of prefixes"),
        ("#just words\n", NAMES, ":1: metadata without names"),
    ],
)
def test_a_head_that_cannot_be_read_is_named_with_its_line(
    head: str, names: str, said: str
) -> None:
    assert f"links/rivers.sssom.tsv{said}" in faults("", head, names)


def test_a_table_that_is_not_utf_8_is_named_with_its_line() -> None:
    with pytest.raises(errors.TurtleErrors, match="rivers:2: not UTF-8"):
        mappings.parse(b"#license: x\n#comment: \xff\n", "rivers")


# --- as records in RDF -----------------------------------------------------------------------


def told(table: mappings.Table) -> dict[str, dict[str, set[str]]]:
    """Give what the records of a table say: by subject, by property, the values."""
    found: dict[str, dict[str, set[str]]] = {}
    for subject, predicate, value, _ in mappings.records(table):
        said = found.setdefault(getattr(subject, "value", ""), {})
        said.setdefault(predicate.value, set()).add(getattr(value, "value", ""))
    return found


SET = "https://example.org/river/links"
NAMED_HEAD = f"""{HEAD}#mapping_set_id: {SET}
#license: https://creativecommons.org/publicdomain/zero/1.0/
#comment: A comment on the whole
#mapping_tool: sonar
"""


def test_each_row_is_a_record_also_where_it_makes_no_triple() -> None:
    found = told(table(ROWS, NAMED_HEAD))
    rows = {iri for iri in found if iri != SET}
    assert rows == {
        f"{SET}#river:elbe-wd:Q1644",
        f"{SET}#river:elbe-wd:Q1",
        f"{SET}#river:oder-wd:Q552",
        f"{SET}#river:spree-wd:Q1684",
    }
    assert found[SET][ns.SSSOM + "mappings"] == rows
    refused = found[f"{SET}#river:elbe-wd:Q1"]
    assert refused == {
        ns.TYPE: {ns.OWL + "Axiom"},
        ns.RDFS + "label": {"river:elbe Not schema:sameAs wd:Q1"},
        ns.OWL + "annotatedSource": {"https://example.org/river/id/elbe"},
        ns.OWL + "annotatedProperty": {ns.SCHEMA + "sameAs"},
        ns.OWL + "annotatedTarget": {"http://www.wikidata.org/entity/Q1"},
        ns.SSSOM + "predicate_modifier": {ns.SSSOM + "NegatedPredicate"},
        ns.SSSOM + "mapping_justification": {ns.SEMAPV + "ManualMappingCuration"},
        ns.SSSOM + "confidence": {"0.95"},
        ns.SSSOM + "object_source": {"http://www.wikidata.org/entity/Q2013"},
        ns.SSSOM + "mapping_tool": {"sonar"},
    }


def test_what_the_head_says_of_the_table_alone_is_said_of_no_row() -> None:
    found = told(table(ROWS, NAMED_HEAD))
    assert found[SET][ns.DCTERMS + "license"] == {
        "https://creativecommons.org/publicdomain/zero/1.0/"
    }
    assert found[SET][ns.RDFS + "comment"] == {"A comment on the whole"}
    row = found[f"{SET}#river:oder-wd:Q552"]
    assert {ns.DCTERMS + "license", ns.RDFS + "comment"}.isdisjoint(row)


def test_rows_have_the_lines_on_which_they_stand() -> None:
    read = table(ROWS, NAMED_HEAD)
    lines = {line for subject, _, _, line in mappings.records(read) if str(subject) != f"<{SET}>"}
    assert lines == {match.line for match in read.matches}


def test_slots_have_the_properties_and_the_forms_of_the_standard() -> None:
    names = f"{NAMES}\trecord_id\tauthor_label\tmapping_date\tsubject_type\tsee_also\tcomment"
    row = (
        f"river:elbe\tschema:sameAs\t\twd:Q1644\t{SEEN}\t1\twd:Q9"
        "\tAda|Bo\\|b\t2026-11-24\tskos concept\thttps://a.example/|no IRI\tSure"
    )
    found = told(table(f"{row}\n", NAMED_HEAD, names))["http://www.wikidata.org/entity/Q9"]
    assert found[ns.SSSOM + "author_label"] == {"Ada", "Bo|b"}
    assert found[ns.SSSOM + "subject_type"] == {ns.SKOS + "Concept"}
    assert found[ns.DCTERMS + "created"] == {"2026-11-24"}
    assert found[ns.RDFS + "seeAlso"] == {"https://a.example/"}
    assert found[ns.RDFS + "comment"] == {"Sure"}


def test_a_row_is_called_by_the_names_that_it_gives() -> None:
    names = f"{NAMES}\tsubject_label\tobject_label"
    row = f"river:elbe\tschema:sameAs\t\twd:Q1644\t{SEEN}\t1\tElbe\tLabe\n"
    found = told(table(row, NAMED_HEAD, names))[f"{SET}#river:elbe-wd:Q1644"]
    assert found[ns.RDFS + "label"] == {"Elbe schema:sameAs wd:Q1644 (Labe)"}


def said_of_rows(read: mappings.Table, name: str) -> set[frozenset[tuple[str, str]]]:
    """Give what is told of each row, but its IRI and its label, which depend on the prefixes."""
    told: dict[str, set[tuple[str, str]]] = {}
    for subject, predicate, value, _ in mappings.records(read):
        if str(subject) != f"<{name}>" and predicate.value != ns.RDFS + "label":
            told.setdefault(str(subject), set()).add((predicate.value, str(value)))
    return {frozenset(one) for one in told.values()}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_a_table_is_written_again_from_its_triples(path: Path) -> None:
    read = mappings.parse(path.read_bytes(), path.name)
    name = read.about["mapping_set_id"]
    triples = [ox.Triple(*statement[:3]) for statement in mappings.records(read)]
    again = mappings.parse(mappings.written(name, triples, read.prefixes), path.name)
    assert said_of_rows(again, name) == said_of_rows(read, name)
    assert {**again.about} == {**read.about}


def test_what_a_table_holds_beyond_the_usual_is_written_too() -> None:
    head = HEAD + '#mapping_set_id: https://example.org/t\n#creator_label: "A \\"B\\""\n'
    names = NAMES + "\trecord_id\tmatch_string\tsimilarity_score"
    rows = f"river:elbe\tschema:sameAs\t\twd:Q1644\t{SEEN}\t0.9500001\triver:r1\ta\\|b|c\t1\n"
    read = table(rows, head, names)
    triples = [ox.Triple(*statement[:3]) for statement in mappings.records(read)]
    text = mappings.written("https://example.org/t", triples, read.prefixes)
    again = mappings.parse(text, "t.sssom.tsv")
    (cells,) = [match.cells for match in again.matches]
    assert cells["record_id"] == "river:r1"
    assert cells["confidence"] == "0.9500001"
    assert cells["similarity_score"] == "1"
    assert set(cells["match_string"].replace("\\|", "/").split("|")) == {"a/b", "c"}
    assert again.about["creator_label"] == 'A "B"'


def test_rows_are_written_in_the_order_of_their_iris() -> None:
    head = (
        HEAD.replace("#  river:", "#  a: https://example.org/river/id/s\n#  river:")
        + "#mapping_set_id: https://example.org/t\n"
    )
    read = table(ROWS.replace("river:spree", "a:pree"), head)
    triples = [ox.Triple(*statement[:3]) for statement in mappings.records(read)]
    text = mappings.written("https://example.org/t", triples, read.prefixes)
    again = mappings.parse(text, "t.sssom.tsv")
    assert b"a:pree" in text
    keys = [mappings.order(one.subject, one.object) for one in again.matches]
    assert len(keys) == 4
    assert keys == sorted(keys)


SEVERAL = ["river:o1", "river:o2"], ["A|B", "C"]
"""Makers of a table: their identifiers, and their names, one of which holds a bar."""


@pytest.mark.parametrize(
    "makers",
    [
        '#creator_id: "river:o1|river:o2"\n#creator_label: "A\\\\|B|C"\n',
        '#creator_id:\n#  - "river:o1"\n#  - "river:o2"\n#creator_label:\n#  - "A|B"\n#  - C\n',
    ],
    ids=["bars", "lists"],
)
def test_several_values_of_the_head_are_a_list(makers: str) -> None:
    text = written_with(makers)
    head = [line[1:] for line in text.decode().splitlines() if line.startswith("#")]
    said = yaml.safe_load("\n".join(head))
    assert (sorted(said["creator_id"]), sorted(said["creator_label"])) == SEVERAL
    assert said["mapping_set_title"] == "Rivers"
    again = mappings.parse(text, "t.sssom.tsv")
    assert set(again.about["creator_id"].split("|")) == set(SEVERAL[0])
    told = [str(value) for _, one, value, _ in mappings.records(again) if "creator" in one.value]
    assert '"A|B"' in {one.partition("^^")[0] for one in told}


def written_with(makers: str) -> bytes:
    """Write a table of these makers again from its triples."""
    name = "https://example.org/t"
    read = table(ROWS, f"{HEAD}#mapping_set_id: {name}\n#mapping_set_title: Rivers\n{makers}")
    triples = [ox.Triple(*statement[:3]) for statement in mappings.records(read)]
    return mappings.written(name, triples, read.prefixes)


def test_two_rows_of_the_same_pair_are_two_records() -> None:
    row = f"river:elbe\tschema:sameAs\t\twd:Q1644\t{SEEN}\t0.9\n"
    other = row.replace("ManualMappingCuration", "LexicalMatching")
    found = told(table(row + other, NAMED_HEAD))
    name = f"{SET}#river:elbe-wd:Q1644"
    assert {*found} == {SET, name, f"{name}-2"}


def test_a_table_without_an_identifier_has_no_records() -> None:
    assert told(table(ROWS)) == {}


# --- as a part of a data set -----------------------------------------------------------------

ABOUT = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix vann: <http://purl.org/vocab/vann/> .
@prefix void: <http://rdfs.org/ns/void#> .
<https://example.org/river/dataset> a dcat:Dataset ; dcterms:title "Rivers"@en ;
  dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
  dcterms:creator "The surveyors" ; vann:preferredNamespaceUri "https://example.org/river/" ;
  void:uriSpace "https://example.org/river/id/" .
"""
RIVERS = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix r: <https://example.org/river/id/stream/> .
r:elbe rdfs:label "Elbe" . r:oder rdfs:label "Oder" . r:spree rdfs:label "Spree" .
r:havel rdfs:label "Havel" .
"""


@pytest.fixture
def rivers(tmp_path: Path) -> Path:
    for name in ("ontology", "shapes", "data/text", "data/links"):
        (tmp_path / name).mkdir(parents=True)
    found = f"river:havel\tschema:sameAs\t\tsssom:NoTermFound\t{SEEN}\t1\tcopy of 2026\n"
    rows = ROWS.replace("\n", "\t\n") + found
    text = f"{HEAD}{NAMES}\tobject_source_version\n{rows}".replace("river/id/", "river/id/stream/")
    (tmp_path / "data" / "links" / "rivers.sssom.tsv").write_text(text, encoding="utf-8")
    (tmp_path / "data" / "dataset.ttl").write_text(ABOUT, encoding="utf-8")
    (tmp_path / "data" / "text" / "rivers.ttl").write_text(RIVERS, encoding="utf-8")
    return tmp_path


def test_a_data_set_holds_the_triples_of_its_tables_with_their_lines(rivers: Path) -> None:
    found = dataset.load(rivers)
    graph = "https://example.org/river/graph/links"
    triples = sorted(found.triples(graph), key=str)
    assert [triple.object for triple in triples] == [
        ox.NamedNode("http://www.wikidata.org/entity/Q1"),
        ox.NamedNode("http://www.wikidata.org/entity/Q1644"),
        ox.NamedNode("http://www.wikidata.org/entity/Q1684"),
    ]
    places = [str(found.place(graph, triple)) for triple in triples]
    assert places == [f"data/links/rivers.sssom.tsv:{line}" for line in (8, 7, 10)]
    assert found.prefixes["wd"] == "http://www.wikidata.org/entity/"
    assert len(found.matches) == 5


def test_broken_tables_are_told_beside_broken_turtle(rivers: Path) -> None:
    (rivers / "data" / "links" / "more.sssom.tsv").write_text("subject_id\n", encoding="utf-8")
    (rivers / "data" / "text" / "more.ttl").write_text("a b c", encoding="utf-8")
    with pytest.raises(errors.TurtleErrors) as caught:
        dataset.load(rivers)
    told = {error.path for error in caught.value.errors}
    assert told == {"data/links/more.sssom.tsv", "data/text/more.ttl"}


def test_a_thing_is_linked_or_absent_or_counted_as_not_linked_yet(rivers: Path) -> None:
    links = statistics.measure(dataset.load(rivers)).links
    assert links == {"stream": statistics.Links(linked=2, absent=1, open=1, waiting=1, refused=1)}


# --- the shipped tables ----------------------------------------------------------------------

FORMS = {
    "http://datos.bne.es/resource/": r"XX\d+",
    "http://data.bnf.fr/ark:/12148/": r"cb\d{8}[0-9a-z]#about",
    "http://id.loc.gov/authorities/names/": r"n[a-z]?\d{8,10}",
    "http://id.loc.gov/authorities/subjects/": r"sh\d{8,10}",
    "http://viaf.org/viaf/": r"[1-9]\d+",
    "http://www.gutenberg.org/2009/agents/": r"[1-9]\d*",
    "http://www.gutenberg.org/ebooks/": r"[1-9]\d*",
    "http://www.idref.fr/": r"\d{8}[\dX]/id",
    "http://www.wikidata.org/entity/": r"Q[1-9]\d*",
    "http://www.worldcat.org/oclc/": r"[1-9]\d*",
    "http://zbw.eu/stw/descriptor/": r"\d{5}-\d",
    "https://d-nb.info/gnd/": r"1\d{7,8}[\dX]|[1-9]\d*-[\dX]",
    "https://hls-dhs-dss.ch/de/articles/": r"\d{6}/",
    "https://id.ndl.go.jp/auth/entity/": r"\d{8}",
    "https://isni.org/isni/": r"\d{15}[\dX]",
    "https://lccn.loc.gov/": r"\d{8}|\d{10}",
    "https://libris.kb.se/": r"[0-9a-z]+",
    "https://opac.sbn.it/nome/": r"[A-Z]{4}\d{6}",
    "https://openlibrary.org/works/": r"OL[1-9]\d*W",
    "https://pmb.acdh.oeaw.ac.at/entity/": r"[1-9]\d*/",
    "https://sws.geonames.org/": r"[1-9]\d*/",
    "urn:isbn:": r"\d{9}[\dX]|97[89]\d{10}",
}
KINDS = ("concept", "edition", "event", "group", "network", "person", "persona", "place", "work")


@pytest.fixture(scope="module")
def shipped() -> dataset.Dataset:
    return dataset.load(dataset.shipped())


def parts(iri: str) -> tuple[str, str]:
    """Cut an identifier into the space of its authority and its own part."""
    space = max((space for space in FORMS if iri.startswith(space)), key=len, default="")
    return space, iri.removeprefix(space)


def digit(number: str) -> str:
    """Give the check digit of ISO 7064, MOD 11-2 (ISNI)."""
    total = 0
    for figure in number:
        total = (total + int(figure)) * 2 % 11
    return "0123456789X"[(12 - total) % 11]


def weighted(number: str) -> bool:
    """Say whether an ISBN-10, a GND number of ten figures or an IdRef number ends rightly."""
    figures = [10 if figure == "X" else int(figure) for figure in number]
    return sum(n * figure for n, figure in enumerate(reversed(figures), start=1)) % 11 == 0


def checks(space: str, number: str) -> bool:
    if space == "https://isni.org/isni/":
        return digit(number[:-1]) == number[-1]
    if space == "http://www.idref.fr/":
        return weighted(number.removesuffix("/id"))
    if space == "https://d-nb.info/gnd/" and "-" in number:
        body, last = number.split("-")
        total = sum(n * int(figure) for n, figure in enumerate(reversed(body), start=2))
        return "0123456789X"[total % 11] == last
    if space == "https://d-nb.info/gnd/":
        return weighted(number)
    if space == "urn:isbn:" and len(number) == 13:
        return sum(int(f) * (3 if n % 2 else 1) for n, f in enumerate(number)) % 10 == 0
    return space != "urn:isbn:" or weighted(number)


def test_every_identifier_has_the_form_of_its_authority(shipped: dataset.Dataset) -> None:
    for match in shipped.matches:
        space, number = parts(match.object)
        assert space, match
        assert re.fullmatch(FORMS[space], number), match


def test_every_check_digit_is_right(shipped: dataset.Dataset) -> None:
    assert [match for match in shipped.matches if not checks(*parts(match.object))] == []


@pytest.mark.parametrize(
    ("space", "number"),
    [
        ("https://isni.org/isni/", "000000012281103X"),
        ("https://d-nb.info/gnd/", "118567055"),
        ("https://d-nb.info/gnd/", "4044660-8"),
        ("http://www.idref.fr/", "026812304/id"),
        ("urn:isbn:", "055308058X"),
        ("urn:isbn:", "9780521457583"),
    ],
)
def test_a_slip_of_one_figure_is_seen(space: str, number: str) -> None:
    assert checks(space, number)
    assert not checks(space, number.replace(number[4], str((int(number[4]) + 1) % 10), 1))


def test_every_subject_is_in_the_data_under_that_name(shipped: dataset.Dataset) -> None:
    links = f"{shipped.base}graph/links"
    for match in shipped.matches:
        named = {
            triple.object.value
            for graph, triple in shipped.outgoing(match.subject)
            if graph != links
            and triple.predicate.value in ns.LABELS
            and isinstance(triple.object, ox.Literal)
        }
        assert match.cells["subject_label"] in named, match


def test_every_source_is_described(shipped: dataset.Dataset) -> None:
    for match in shipped.matches:
        prefix, _, name = match.cells["object_source"].partition(":")
        said = shipped.outgoing(shipped.prefixes[prefix] + name)
        assert any(t.predicate.value == ns.DCTERMS + "title" for _, t in said), match


def test_no_thing_has_two_records_of_one_authority(shipped: dataset.Dataset) -> None:
    same = {ns.SCHEMA + "sameAs", ns.SKOS + "exactMatch", ns.SKOS + "closeMatch"}
    counted = Counter(
        (match.subject, parts(match.object)[0])
        for match in shipped.matches
        if match.asserted and match.predicate in same
    )
    assert [pair for pair, times in counted.items() if times > 1] == []


def test_nothing_is_said_twice_or_both_held_and_refused(shipped: dataset.Dataset) -> None:
    counted = Counter((match.subject, match.object) for match in shipped.matches)
    assert [pair for pair, times in counted.items() if times > 1] == []


def test_no_record_is_held_to_be_about_two_things(shipped: dataset.Dataset) -> None:
    near = {ns.SCHEMA + "sameAs", ns.SKOS + "exactMatch", ns.SKOS + "closeMatch"}
    held = Counter(
        match.object for match in shipped.matches if not match.refused and match.predicate in near
    )
    assert [iri for iri, times in held.items() if times > 1] == []


def test_what_is_asserted_was_seen_in_two_copies(shipped: dataset.Dataset) -> None:
    for match in shipped.matches:
        copies = {*match.cells.get("object_source_version", "").split("; ")}
        assert copies != {""}, match
        assert len(copies) > 1 or not match.asserted, match


def test_a_refused_candidate_says_why(shipped: dataset.Dataset) -> None:
    refused = [match for match in shipped.matches if match.refused]
    assert len(refused) >= 20
    assert [match for match in refused if not match.cells.get("comment")] == []


def test_only_concepts_match_and_only_things_are_the_same(shipped: dataset.Dataset) -> None:
    space = shipped.description.uri_space if shipped.description else ""
    for match in shipped.matches:
        if match.subject.startswith(f"{space}concept/"):
            assert match.predicate.startswith(ns.SKOS), match
            assert match.predicate.endswith("Match"), match
        else:
            assert match.predicate == ns.SCHEMA + "sameAs", match


def test_the_links_graph_holds_what_the_tables_state_and_the_authorities(
    shipped: dataset.Dataset,
) -> None:
    asserted = {
        ox.Triple(ox.NamedNode(m.subject), ox.NamedNode(m.stated), ox.NamedNode(m.object))
        for m in shipped.matches
        if m.stated
    }
    assert ns.OWL + "differentFrom" in {triple.predicate.value for triple in asserted}
    links = {
        triple
        for triple in shipped.triples(f"{shipped.base}graph/links")
        if not getattr(triple.subject, "value", "").startswith(f"{shipped.base}links/")
    }
    assert asserted <= links
    assert {triple.predicate.value for triple in links - asserted} == {
        ns.TYPE,
        ns.DCTERMS + "title",
        ns.VOID + "uriSpace",
    }
    assert not any(triple.predicate.value == ns.OWL + "sameAs" for triple in shipped.union())


def test_the_statistics_speak_of_every_kind_that_can_be_linked(shipped: dataset.Dataset) -> None:
    figures = statistics.measure(shipped)
    assert tuple(figures.links) == KINDS
    for kind, links in figures.links.items():
        assert links.linked + links.absent + links.open == figures.kinds[kind]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_a_table_stands_in_its_one_form(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    head = [line for line in lines if line.startswith("#")]
    rows = [*csv.reader(lines[len(head) :], delimiter="\t")]
    assert rows[0] == COLUMNS
    keys = [(row[0], row[4], row[2]) for row in rows[1:]]
    assert keys == sorted(keys)
    prefixes = [line.split()[0] for line in head if line.startswith("#  ")]
    assert prefixes == sorted(prefixes)
    assert all(line.endswith("\n") and not line.endswith("\r\n") for line in lines)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_a_table_declares_its_prefixes_and_no_others(path: Path) -> None:
    read = mappings.parse(path.read_bytes(), path.name)
    named = ("subject_id", "predicate_id", "object_id", "mapping_justification", "object_source")
    used = {match.cells[name].partition(":")[0] for match in read.matches for name in named}
    assert set(read.prefixes) == used


@pytest.fixture(scope="module")
def sssom() -> Path:
    """Give the Python that has the library of SSSOM itself."""
    python = Path(sys.prefix) / ".sssom" / "bin" / "python"
    if not python.exists():
        pytest.skip("sssom is not installed; `make test` installs it")
    return python


def test_the_library_of_sssom_reads_the_same_from_the_triples(sssom: Path, tmp_path: Path) -> None:
    code = """
import json, sys
from sssom.parsers import parse_sssom_rdf, parse_sssom_table

def rows(table):
    filled = (
        {name: str(cell) for name, cell in row.items() if cell == cell and str(cell)}
        for row in table.df.to_dict("records")
    )
    return sorted(([row.pop("record_id", ""), row] for row in filled), key=lambda r: str(r[1]))

for rdf, path in zip(sys.argv[1::2], sys.argv[2::2]):
    ours = parse_sssom_table(path)
    told = parse_sssom_rdf(rdf, ours.converter)
    said = [
        {name: str(one.metadata[name]) for name in ("mapping_set_id", "mapping_set_title", "license")}
        for one in (ours, told)
    ]
    print(json.dumps([said, rows(ours), rows(told)]))
"""
    given: list[str | Path] = []
    for path in TABLES:
        read = mappings.parse(path.read_bytes(), path.name)
        triples = (ox.Triple(s, p, o) for s, p, o, _ in mappings.records(read))
        rdf = tmp_path / f"{path.name}.ttl"
        rdf.write_bytes(ox.serialize(triples, format=ox.RdfFormat.TURTLE) or b"")
        given += [rdf, path]
    done = subprocess.run(
        [sssom, "-c", code, *given], capture_output=True, text=True, timeout=300, check=True
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(TABLES)
    for (ours, theirs), table_rows, told_rows in answers:
        assert ours == theirs
        assert [row for _, row in table_rows] == [row for _, row in told_rows]
        assert len({name for name, _ in told_rows}) == len(table_rows)


def test_the_library_of_sssom_reads_several_makers(sssom: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.sssom.tsv"
    path.write_bytes(written_with('#creator_id: "river:o1|river:o2"\n'))
    code = """
import json, sys
from sssom.parsers import parse_sssom_table
print(json.dumps(parse_sssom_table(sys.argv[1]).metadata["creator_id"]))
"""
    done = subprocess.run(
        [sssom, "-c", code, path], capture_output=True, text=True, timeout=300, check=True
    )
    assert sorted(json.loads(done.stdout)) == SEVERAL[0]


def test_the_validator_of_sssom_finds_nothing(sssom: Path) -> None:
    code = """
import sys
from sssom.cli import validate
for path in sys.argv[1:]:
    validate.main([path], standalone_mode=False)
    print(path)
"""
    done = subprocess.run([sssom, "-c", code, *TABLES], capture_output=True, text=True, timeout=300)
    assert done.stdout.splitlines() == [str(path) for path in TABLES], done.stderr[-2000:]
    assert "ERROR" not in done.stderr
