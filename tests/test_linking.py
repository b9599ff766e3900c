"""Links are proposed with reasons, never twice, and taken over from others; nothing is half written."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import engines
import pytest
import serving
from conftest import FOREIGN, Runner, copy_of

from publish import dataset, errors, inference, linking, mappings
from publish import namespaces as ns
from publish.candidates import Reconciler
from publish.catalogue import Catalogue
from publish.records import Records
from publish.search import Index

SPACE = "https://example.org/garden/id/"
THEIRS = "https://example.org/strahlen/id/"
PEOPLE = """\
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix person: <https://example.org/garden/id/person/> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

person:hertz
  a foaf:Person ;
  skos:prefLabel "Hertz"@de .

person:nobody
  a foaf:Person ;
  skos:prefLabel "Nobody Atall"@en .

person:wcr
  a foaf:Person ;
  skos:prefLabel "Röntgen, W. C."@de ;
  schema:birthDate "1845-03-27"^^xsd:date .
"""
HEAD = """\
#curie_map:
#  person: "https://example.org/garden/id/person/"
#  them: "https://example.org/strahlen/id/person/"
#  schema: "https://schema.org/"
subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tobject_label\tmapping_justification\tconfidence
"""


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    place: Path = copy_of("sound", tmp_path / "ours")
    (place / "data/text/people.ttl").write_text(PEOPLE, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def beside() -> Iterator[str]:
    """A server of another data set."""
    with serving.server(FOREIGN) as address:
        yield address


def reconciler(folder: Path) -> Reconciler:
    records = Records(inference.infer(dataset.load(folder)))
    return Reconciler(Catalogue(records), Index(records.source))


def rows(table: Path) -> dict[tuple[str, str], mappings.Match]:
    read = mappings.parse(table.read_bytes(), table.name)
    return {(one.subject, one.object): one for one in read.matches}


def proposed(ours: Path) -> Path:
    return ours / "data/links/proposed.sssom.tsv"


WCR = (f"{SPACE}person/wcr", f"{THEIRS}person/roentgen")
HERTZ = (f"{SPACE}person/hertz", f"{THEIRS}person/hertz")


@pytest.mark.parametrize("how", ["folder", "sparql", "reconcile"])
def test_links_are_proposed_wherever_the_others_are(
    run: Runner, ours: Path, beside: str, how: str
) -> None:
    against = FOREIGN if how == "folder" else f"{beside}/{how}"
    # Both have the same publisher, too.
    done = run("link", ours, "--against", against, "--kind", "person")
    assert (done.returncode, done.stdout) == (0, f"2 links to be reviewed in {proposed(ours)}\n")
    found = rows(proposed(ours))
    assert set(found) == {WCR, HERTZ}
    one = found[WCR]
    assert (one.predicate, one.asserted, one.refused) == (ns.SCHEMA + "sameAs", False, False)
    assert one.cells["comment"].startswith("name ")
    if how != "reconcile":
        assert "birth date 100" in one.cells["comment"]
        assert one.cells["mapping_justification"] == "semapv:CompositeMatching"
    assert (
        str(against if how != "folder" else "https://example.org/strahlen/dataset 2.3.1")
        in (one.cells["object_source_version"])
    )


def test_what_is_decided_is_never_proposed_again(run: Runner, ours: Path) -> None:
    assert run("link", ours, "--against", FOREIGN).returncode == 0
    table = proposed(ours)
    before = table.read_bytes()
    again = run("link", ours, "--against", FOREIGN)
    assert again.stdout.startswith("0 links")
    assert table.read_bytes() == before
    # One is accepted, the other rejected, and both are put where links stand.
    lines = table.read_text(encoding="utf-8").splitlines()
    for place, line in enumerate(lines):
        cells = line.split("\t")
        if cells[0] == "person:hertz":
            cells[3] = "Not"
        elif cells[0] == "person:wcr":
            cells[11] = "0.9"
        lines[place] = "\t".join(cells)
    table.unlink()
    (table.parent / "people.sssom.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    last = run("link", ours, "--against", FOREIGN)
    assert last.stdout.startswith("0 links")
    assert not table.exists()
    asked = run("query", "SELECT ?s { ?s <https://schema.org/sameAs> ?o }", ours)
    assert "wcr" in asked.stdout
    assert "hertz" not in asked.stdout


def test_neighbours_in_common_speak_for_a_link(tmp_path: Path) -> None:
    same = '<http://xmlns.com/foaf/0.1/Person> ; <http://xmlns.com/foaf/0.1/name> "Jo Doe"'
    work = "<http://purl.org/spar/fabio/Work> ; <http://purl.org/dc/terms/title>"
    made = "<http://purl.org/dc/terms/creator>"
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = serving.bare(
        tmp_path / "a", f'<urn:a> a {same} . <urn:w> a {work} "Rain" ; {made} <urn:a> .'
    )
    two = serving.bare(
        tmp_path / "b",
        f'<urn:b> a {same} . <urn:v> a {work} "Rain" ; {made} <urn:b> . <urn:c> a {same} .',
    )
    sides = []
    for data in (one, two):
        records = Records(data)
        sides.append(Reconciler(Catalogue(records), Index(records.source)))
    others = linking.Others(sides[1], sides[0], "there", "")
    person = sides[0].catalogue.entry("urn:a")
    ((_, hits),) = others.hits([person])
    reasons = {hit.iri: hit.reasons for hit in hits}
    assert "neighbours in common: Rain" in reasons["urn:b"]
    assert "neighbours in common: Rain" not in reasons["urn:c"]


def test_links_of_others_are_taken_over_from_either_side(run: Runner, ours: Path) -> None:
    table = ours.parent / "theirs.sssom.tsv"
    table.write_text(
        HEAD
        + "them:roentgen\tWilhelm Conrad Röntgen\tskos:exactMatch\t\tperson:wcr\t\t"
        + "semapv:ManualMappingCuration\t0.99\n"
        + "person:hertz\t\tschema:sameAs\tNot\tthem:lenard\tLenard\tthem:FromLetters\t0.9\n"
        + "them:lenard\t\tschema:sameAs\t\tthem:hertz\t\tsemapv:LexicalMatching\t0.9\n",
        encoding="utf-8",
    )
    done = run("link", ours, "--import", table)
    assert (done.returncode, done.stdout.split(" in ")[0]) == (0, "2 links to be reviewed")
    found = rows(proposed(ours))
    assert found[WCR].predicate == ns.SKOS + "exactMatch"
    assert found[WCR].cells["object_label"] == "Wilhelm Conrad Röntgen"
    assert (found[WCR].confidence, found[WCR].asserted) == (0.7, False)
    refused = found[f"{SPACE}person/hertz", f"{THEIRS}person/lenard"]
    assert refused.refused
    assert refused.cells["mapping_justification"].endswith(":FromLetters")
    assert run("link", ours, "--import", table).stdout.startswith("0 links")


def test_links_in_rdf_are_taken_over(run: Runner, ours: Path) -> None:
    file = ours.parent / "theirs.ttl"
    skos, owl = ns.SKOS, ns.OWL
    file.write_text(
        f"<{THEIRS}person/roentgen> <{owl}sameAs> <{SPACE}person/wcr> ; "
        f'<{skos}prefLabel> "Röntgen"@de .'
        f"<{THEIRS}person/x> <{skos}narrowMatch> <{SPACE}person/hertz> , <{SPACE}person/unknown> .",
        encoding="utf-8",
    )
    done = run("link", ours, "--import", file)
    assert done.returncode == 0, done.stderr
    found = rows(proposed(ours))
    assert found[WCR].predicate == ns.SCHEMA + "sameAs"
    assert found[WCR].cells["object_label"] == "Röntgen"
    assert found[f"{SPACE}person/hertz", f"{THEIRS}person/x"].predicate == skos + "broadMatch"
    assert len(found) == 2


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            "person:wcr\t\tskos:prefLabel\t\tthem:roentgen\t\tsemapv:LexicalMatching\t0.9",
            ":6: predicate_id `skos:prefLabel` is none of a link",
        ),
        (
            "person:dragon\t\tskos:exactMatch\t\tthem:roentgen\t\tsemapv:LexicalMatching\t0.9",
            ":6: subject_id `person:dragon` is nothing in the data set",
        ),
        (
            "person:wcr\t\tskos:exactMatch\t\tthem:roentgen\t\tsemapv:LexicalMatching\tvery",
            ":6: confidence `very`",
        ),
        (
            "person:wcr\t\tx:y\t\tthem:roentgen\t\tsemapv:LexicalMatching\t0.9",
            ":6: `x:y` has an unknown prefix",
        ),
        (
            "person:wcr\t\tskos:exactMatch\t\tthem:roentgen\t\thttps://w3id.org/x\t1",
            ":6: mapping_justification `https://w3id.org/x` is no name with a known prefix",
        ),
    ],
)
def test_a_row_that_cannot_be_taken_over_is_named(
    run: Runner, ours: Path, row: str, told: str
) -> None:
    table = ours.parent / "theirs.sssom.tsv"
    table.write_text(HEAD + row + "\n", encoding="utf-8")
    done = run("link", ours, "--import", table)
    assert done.returncode == 3
    assert told in done.stderr
    assert not proposed(ours).exists()


@pytest.mark.parametrize("how", ["nonsense", "slow", "late nonsense", "away", "no file"])
def test_what_does_not_answer_is_told_and_nothing_is_written(
    run: Runner, ours: Path, how: str
) -> None:
    ended = threading.Event()

    def answer(handler, body: bytes) -> None:
        if how == "slow":
            ended.wait(60)
        if how == "late nonsense" and not body:
            engines.give(handler, b'{"identifierSpace": "urn:x"}', media="application/json")
        else:
            engines.give(handler, b"<html>It works!</html>", media="text/html")

    environ = {"FOLKMOTE_QUERY_SECONDS": "0.3"} if how == "slow" else {}
    with engines.false_store(answer) as address:
        against = {"away": f"http://127.0.0.1:{serving.free_port()}/", "no file": "nothing.ttl"}
        done = run("link", ours, "--against", against.get(how, address), **environ)
        ended.set()
    assert done.returncode == 3, done.stderr
    told = {
        "nonsense": "does not answer queries at this address",
        "slow": "takes too long",
        "late nonsense": "is no JSON",
        "away": "does not answer",
        "no file": "`nothing.ttl` does not exist",
    }
    assert told[how] in done.stderr
    assert not list(ours.glob("data/links/*"))


def test_the_command_is_used_rightly(run: Runner, ours: Path) -> None:
    assert run("link", ours).returncode == 2
    assert run("link", ours, "--against", FOREIGN, "--import", "x.tsv").returncode == 2
    done = run("link", ours, "--against", FOREIGN, "--kind", "dragon")
    assert (done.returncode, "no kind `dragon`" in done.stderr) == (2, True)
    assert run("link", ours, "--import", "nothing.tsv").returncode == 3
    done = run("link", ours, "--against", FOREIGN, "--to", "/proc/nothing/x.tsv")
    assert (done.returncode, "cannot write" in done.stderr) == (3, True)


def test_a_table_keeps_what_it_says_and_its_rows(ours: Path) -> None:
    before = (
        HEAD.replace("subject_id\t", '#license: "urn:mine"\nsubject_id\t')
        + "person:wcr\tR\tschema:sameAs\tNot\tthem:roentgen\tR\tsemapv:LexicalMatching\t0.9\n"
    ).encode()
    link = linking.Link(
        *(HERTZ[0], "Hertz", ns.SCHEMA + "sameAs", HERTZ[1], "Hertz"),
        *(ns.SEMAPV + "LexicalMatching", THEIRS, "there", 0.5, "name 100"),
    )
    same = linking.Link(*WCR[:1], "R", ns.SCHEMA + "sameAs", WCR[1], "R", "", "", "", 0.7, "")
    head = linking.Head("urn:id", "urn:licence", "2020-01-01", {})
    text, fresh = linking.merged(before, "x.tsv", [link, same], head)
    assert fresh == 1
    assert b'#license: "urn:mine"' in text
    read = mappings.parse(text, "x.tsv").matches
    assert [(one.subject, one.refused) for one in read] == [(HERTZ[0], False), (WCR[0], True)]
    again, none = linking.merged(text, "x.tsv", [link, same], head)
    assert (again, none) == (text, 0)


def test_a_table_takes_no_line_of_a_cell_for_one_of_its_head() -> None:
    row = 'person:wcr\t"R\n#two"\tschema:sameAs\tNot\tthem:roentgen\tR\tsemapv:X\t0.9\n'
    before = (HEAD.replace("subject_id\t", '#comment: "a\u2028b"\nsubject_id\t') + row).encode()
    text, _ = linking.merged(before, "x.tsv", [], linking.Head("", "", "", {}))
    head = [line for line in text.decode().split("\n") if line.startswith("#")]
    assert [line for line in head if line.startswith("#comment")] == ['#comment: "a\u2028b"']
    assert sum(line.startswith("#two") for line in head) == 1
    assert mappings.parse(text, "x.tsv").matches[0].cells["subject_label"].endswith("#two")


def test_a_head_with_a_blank_behind_each_sign_goes_on_to_be_read() -> None:
    spaced = HEAD.replace("#  ", "#   ").replace("#curie_map", "# curie_map")
    row = "person:wcr\t\tschema:sameAs\t\tthem:roentgen\t\tsemapv:X\t0.9\n"
    before = spaced.replace("subject_id\t", '# license: "https://l"\nsubject_id\t', 1) + row
    text, _ = linking.merged(before.encode(), "x.tsv", [], linking.Head("", "", "", {}))
    assert mappings.parse(text, "x.tsv").about["license"] == "https://l"


def test_only_links_to_things_of_ours_are_known(ours: Path) -> None:
    table = mappings.parse(
        (HEAD + "them:a\t\tskos:exactMatch\t\tthem:b\t\tsemapv:X\t1\n").encode(), "x"
    )
    assert linking.of_table(table, reconciler(ours), SPACE, "there") == []
    with pytest.raises(errors.TurtleErrors, match="no names of columns"):
        linking.merged(b"#license: x\n", "x.tsv", [], linking.Head("", "", "", {}))
