"""Reading gives each triple its line; writing gives each set of triples one spelling."""

from __future__ import annotations

import itertools
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from publish import errors, turtle

CASES = sorted((Path(__file__).parent / "turtle").glob("*.input.ttl"))
EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def read(text: str | bytes) -> set[ox.Triple]:
    source = text.encode() if isinstance(text, str) else text
    return {triple for triple, _ in turtle.parse(source, "test.ttl").triples}


def same(left: set[ox.Triple], right: set[ox.Triple]) -> bool:
    """Compare two graphs up to the names of their blank nodes."""
    graphs = [ox.Dataset(turtle.quad_of(triple) for triple in side) for side in (left, right)]
    for graph in graphs:
        graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return graphs[0] == graphs[1]


# --- reading


def test_each_triple_has_the_line_it_stands_on() -> None:
    source = """@prefix ex: <http://example.org/> .

ex:a
  a ex:Thing ;
  ex:text \"\"\"one
two
three\"\"\" ;
  ex:size 1.50 .
ex:b ex:p ex:c ,
  ex:d .
"""
    lines = {
        str(triple.object): line for triple, line in turtle.parse(source.encode(), "t").triples
    }
    assert list(lines.values()) == [4, 5, 8, 9, 10]


def test_an_escaped_line_break_does_not_move_the_line() -> None:
    source = b'<http://e/a> <http://e/p> 1 .\n<http://e/a> <http://e/q> "x\\ny" .\n'
    assert [line for _, line in turtle.parse(source, "t").triples] == [1, 2]


def test_a_triple_said_twice_keeps_its_first_line() -> None:
    source = b"<http://e/a> <http://e/p> 1 .\n<http://e/a> <http://e/p> 1 .\n"
    assert [line for _, line in turtle.parse(source, "t").triples] == [1]


def test_prefixes_are_told() -> None:
    parsed = turtle.parse(b"@prefix a: <http://a/> .\nPREFIX b: <http://b#>\n", "t")
    assert parsed.prefixes == {"a": "http://a/", "b": "http://b#"}


@pytest.mark.parametrize(
    ("source", "line", "column", "words"),
    [
        (b"\n<http://e/a> no:p 1 .", 2, 14, "`no:` is not declared; add `@prefix no:"),
        (
            b"<http://e/a> <http://e/p>\n <http://e/b c> .",
            2,
            2,
            "a blank in an IRI; end the IRI with `>`",
        ),
        (b"<http://e/a> a <http://e/{b}> .", 1, 16, "wrong IRI: code point '{'"),
        (b"// a note\n", 1, 1, "write a comment after `#`"),
        (b'<http://e/a> <http://e/p> "\\d" .', 1, 28, "write `\\\\` for a backslash"),
        (b'<http://e/a> <http://e/p> "x"^<http://e/d> .', 1, 30, "write `^^` between"),
        (b'<http://e/a> <http://e/p> "x"@en^^<http://e/d> .', 1, 33, "keep one of the two"),
        (b"PREFIX e: <http://e/> .", 1, 23, "a `.` that ends nothing"),
        (b'{"@id": "x"}', 1, 1, "`{`, with which JSON begins"),
        (b'<http://e/a> <http://e/p> "x"@en_US .', 1, 33, "a language tag has hyphens"),
        (b'<http://e/a> <http://e/p> "the "big" one" .', 1, 33, 'which is written `\\"`'),
        (b"<http://e/a> a <thing> .", 1, 16, "relative IRI"),
        (b"<http://e/a> a <http://e/T> ;", 1, 30, "ends within"),
        (b"<http://e/a> a <http://e/T>\n<http://e/b> a <http://e/T> .", 2, 1, "missing"),
        (b'<http://e/a> a "x\n" .', 1, 16, "line break"),
        (b'# caf\xe9\n<http://e/a> a "x" .', 1, 6, "0xE9 is not UTF-8; save the file as UTF-8"),
        ("<http://e/a> a 1 .".encode("utf-16"), 1, 1, "UTF-16"),
        ("<http://e/a> a 1 .\n<http://e/\u00b5> a 1 .".encode("utf-16-le"), 1, 1, "UTF-16"),
        (b"<http://e/a> <http://e/p> http://e/b .", 1, 27, "brackets; write `<http://"),
        (b"<http://e/a> <http://e/p> rose .", 1, 27, "`rose` is no value; put a text in quotes"),
        (b"<http://e/a> <http://e/p> .", 1, 27, "`.` is no value"),
        (b'<http://e/a> <http://e/p> "x"@1 .', 1, 31, "such as `en`"),
        (b'<http://e/a> <http://e/p> "x"@englishlanguage .', 1, 31, "such as `en`"),
        (b"\0\0", 1, 1, "U+0000"),
        (b"<http://e/a> \x1b[31m .", 1, None, "U+001B"),
    ],
)
def test_an_error_says_where_and_what_to_do(
    source: bytes, line: int, column: int | None, words: str
) -> None:
    with pytest.raises(errors.TurtleError) as caught:
        turtle.parse(source, "data/x.ttl")
    error = caught.value
    assert (error.path, error.line) == ("data/x.ttl", line)
    assert column is None or error.column == column or words == "line break"
    assert words in error.reason
    assert "\n" not in str(error)
    assert str(error).startswith(f"data/x.ttl:{line}:")
    assert not str(error).endswith(".")


def test_a_byte_order_mark_is_no_error() -> None:
    assert read(b"\xef\xbb\xbf<http://e/a> a <http://e/T> .") == read(
        "<http://e/a> a <http://e/T> ."
    )


def test_five_megabytes_on_one_line_are_read_as_those_on_many() -> None:
    statements = [b'<http://e/%d> <http://e/p> "%070d" .' % (n, n) for n in range(50_000)]
    source = b" ".join(statements)
    parsed = turtle.parse(source, "t")
    assert len(source) > 4_900_000
    assert len(parsed.triples) == 50_000
    assert {line for _, line in parsed.triples} == {1}
    many = turtle.parse(b"\n".join(statements), "t")
    assert [triple for triple, _ in parsed.triples] == [triple for triple, _ in many.triples]


def test_blank_nodes_of_two_files_stay_apart_and_keep_their_names() -> None:
    source = b"_:a <http://e/p> [] ."
    once, again = (turtle.parse(source, "one").triples for _ in range(2))
    other = turtle.parse(source, "two").triples
    assert once == again
    assert {once[0][0].subject, once[0][0].object}.isdisjoint(
        {other[0][0].subject, other[0][0].object}
    )


@pytest.mark.parametrize("media", ["nt", "nq", "ttl", "trig", "rdf", "jsonld"])
def test_other_formats_report_errors_in_the_same_way(media: str) -> None:
    with pytest.raises(errors.TurtleError, match=r"^bad\.x") as caught:
        turtle.parse_quads(b"<a><b", "bad.x", media)
    assert caught.value.reason


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(errors.TurtleError, match=r"`\.csv` is no RDF format"):
        turtle.parse_quads(b"", "x.csv", "csv")


# --- writing


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name.split(".")[0])
def test_case(case: Path) -> None:
    expected = case.with_name(case.name.replace(".input.", ".expected.")).read_text()
    parsed = turtle.parse(case.read_bytes(), case.name)
    written = turtle.write([triple for triple, _ in parsed.triples], parsed.prefixes)
    assert written == expected
    assert same(read(written), {triple for triple, _ in parsed.triples})


def test_there_are_cases() -> None:
    assert len(CASES) >= 6


IRIS = st.sampled_from(
    [EX + local for local in ("a", "b", "c.d", "e-", "1x", "é", "a/b", "", "x.", "%20", "a,b")]
    + ["urn:x:y", XSD + "string", RDF + "type", RDF + "nil", RDF + "first", RDF + "rest"]
).map(ox.NamedNode)
BLANKS = st.sampled_from([ox.BlankNode(name) for name in "pqrstu"])
WORDS = st.text(
    st.one_of(
        st.sampled_from('"\\\n\r\t\b\f\x00\x7f\x85\u2028\ufeff\uffff\U0001f600\u202e é'),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=12,
)
NUMBERS = st.sampled_from(
    (
        *("1.50", "01", "1E0", "+1", "-0.0", ".5", "1.", "1.e5", "1e", "INF", "NaN", "0", "00"),
        *("1", "True", "true", "false", "-1e-1", "٣", "1\n", ""),
    )
)
DATATYPES = st.sampled_from(
    [XSD + name for name in ("integer", "decimal", "double", "boolean", "nonNegativeInteger")]
    + [XSD + "dateTime", EX + "own"]
).map(ox.NamedNode)
TIMES = st.sampled_from(["2020-01-01T00:00:00Z", "2020-01-01T00:00:00+00:00", "24:00:00"])
LITERALS = st.one_of(
    st.builds(ox.Literal, WORDS),
    st.builds(
        lambda text, tag: ox.Literal(text, language=tag),
        WORDS,
        st.sampled_from(["en", "en-gb", "zh-hant-tw", "x-own"]),
    ),
    st.builds(
        lambda text, datatype: ox.Literal(text, datatype=datatype),
        st.one_of(NUMBERS, TIMES, WORDS),
        DATATYPES,
    ),
)
TRIPLES = st.builds(
    ox.Triple, st.one_of(IRIS, BLANKS), IRIS, st.one_of(IRIS, LITERALS, BLANKS, BLANKS)
)
PREFIXES = {"ex": EX, "xsd": XSD, "rdf": RDF, "long": EX + "a/", "": "urn:x:"}


@settings(max_examples=400, deadline=None)
@given(st.sets(TRIPLES, max_size=14))
def test_writing_loses_and_changes_nothing(triples: set[ox.Triple]) -> None:
    written = turtle.write(triples, PREFIXES)
    assert same(read(written), triples)
    assert turtle.write(read(written), PREFIXES) == written


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([None, EX + "g1", EX + "g2"]), st.sets(TRIPLES, max_size=7), max_size=3
    )
)
def test_trig_loses_and_changes_nothing(graphs: dict[str | None, set[ox.Triple]]) -> None:
    written = turtle.write_trig(graphs, PREFIXES)
    quads, _ = turtle.parse_quads(written.encode(), "t.trig", "trig")
    back, _ = turtle.parse_quads(turtle.nquads(graphs), "t.nq", "nq")
    one, two = ox.Dataset(quads), ox.Dataset(back)
    for side in (one, two):
        side.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert one == two


@settings(max_examples=100, deadline=None)
@given(st.lists(TRIPLES, max_size=10), st.randoms())
def test_the_order_given_does_not_matter(triples: list[ox.Triple], random: object) -> None:
    shuffled = list(triples)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert turtle.write(triples, PREFIXES) == turtle.write(shuffled, PREFIXES)


@pytest.mark.parametrize("media", ["jsonld", "rdf"])
def test_other_formats_keep_every_literal(media: str) -> None:
    triples = {
        ox.Triple(ox.NamedNode(EX + "s"), ox.NamedNode(EX + "p"), literal)
        for literal in (
            ox.Literal("1.50", datatype=ox.NamedNode(XSD + "decimal")),
            ox.Literal("01", datatype=ox.NamedNode(XSD + "integer")),
            ox.Literal("1", datatype=ox.NamedNode(XSD + "integer")),
            ox.Literal("1E0", datatype=ox.NamedNode(XSD + "double")),
            ox.Literal("True", datatype=ox.NamedNode(XSD + "boolean")),
            ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean")),
            ox.Literal("7", datatype=ox.NamedNode(XSD + "nonNegativeInteger")),
            ox.Literal("2020-01-01T00:00:00Z", datatype=ox.NamedNode(XSD + "dateTime")),
            ox.Literal('a\r\n\t"<&\\', language="en-gb"),
        )
    }
    written = turtle.serialize(triples, media)
    quads, _ = turtle.parse_quads(written, "t", media)
    assert {quad.triple for quad in quads} == triples
    assert turtle.serialize(sorted(triples, key=str, reverse=True), media) == written


def test_named_subjects_lead() -> None:
    triples = read("<http://e/a> a <http://e/T> . <http://e/z> a <http://e/T> .")
    written = turtle.write(triples, {"e": "http://e/"}, first=["http://e/z"])
    assert written == "@prefix e: <http://e/> .\n\ne:z\n  a e:T .\n\ne:a\n  a e:T .\n"


def test_every_triple_has_a_line_of_its_own() -> None:
    source = "<http://e/s> <http://e/p> 1, 2, <http://e/o> ; a <http://e/T>, <http://e/U> ."
    written = turtle.write(read(source), {})
    lines = [line for _, line in turtle.parse(written.encode(), "t").triples]
    assert sorted(lines) == [2, 3, 4, 5, 6]


def test_what_is_nested_too_deep_is_written_flat() -> None:
    nodes = [ox.BlankNode(f"n{n}") for n in range(90)]
    verb = ox.NamedNode(EX + "p")
    triples = {ox.Triple(a, verb, b) for a, b in itertools.pairwise(nodes)}
    triples.add(ox.Triple(ox.NamedNode(EX + "s"), verb, nodes[0]))
    assert same(read(turtle.write(triples, {})), triples)


def test_a_list_of_five_thousand_and_lists_in_lists_are_written() -> None:
    numbers = " ".join(str(n) for n in range(5000))
    deep = "( " * 60 + "1" + " )" * 60
    triples = read(f"<http://e/s> <http://e/p> ( {numbers} ), {deep}, (), ( () [] ) .")
    assert same(read(turtle.write(triples, {})), triples)


def test_a_cycle_and_a_shared_node_keep_names() -> None:
    triples = read(
        "_:a <http://e/p> _:b . _:b <http://e/p> _:a . "
        "<http://e/s> <http://e/p> _:c, _:d . _:d <http://e/p> _:c ."
    )
    written = turtle.write(triples, {})
    assert same(read(written), triples)
    assert "_:c14n" in written


@pytest.mark.parametrize(
    ("local", "short"),
    [
        ("جغری\u200cبیک", True),
        ("\u06f5", True),
        ("été-1", True),
        ("東京", True),
        ("\u0301x", False),
        ("été.", False),
        ("a\u00d7b", False),
        ("a\u2013b", False),
    ],
)
def test_names_in_any_script_are_shortened_where_the_grammar_allows(
    local: str, *, short: bool
) -> None:
    triple = ox.Triple(ox.NamedNode(EX + local), ox.NamedNode(EX + "p"), ox.Literal("x"))
    text = turtle.write([triple], {"ex": EX})
    assert (f"\nex:{local}\n" in text) == short
    assert read(text) == {triple}
    assert [str(s) for s in rdflib.Graph().parse(data=text).subjects()] == [EX + local]


def test_triple_terms_survive() -> None:
    triples = read('<http://e/s> <http://e/p> <<( _:a <http://e/q> "x"@en--ltr )>>, _:a .')
    assert same(read(turtle.write(triples, {"e": "http://e/"})), triples)


def test_the_bytes_of_nquads_are_sorted_and_name_the_graph() -> None:
    triples = read("<http://e/b> a <http://e/T> . <http://e/a> a <http://e/T> .")
    kind = f"<{RDF}type> <http://e/T>"
    assert turtle.nquads({None: [], EX + "g": triples}).decode() == (
        f"<http://e/a> {kind} <{EX}g> .\n<http://e/b> {kind} <{EX}g> .\n"
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("<urn:a> <urn:b> “Ada” .", 1, "the quote “; write the plain one"),
        ("<urn:a>\n<urn:b> 1 \u061b", 2, "the sign \u061b of another script"),
        ("<urn:a>\n<urn:b> 1 \u3002", 2, "the sign \u3002 of another script"),
        ("<urn:a>\n<urn:b> \u06f3\u06f0 .", 2, "write it with 0 to 9"),
        ("<urn:a>\n\u00a0 <urn:b> 1 .", 2, "a blank that Turtle does not know"),
        (
            "<urn:a> <urn:b> 1 .\n<<<<<<< HEAD\n<urn:a> <urn:c> 2 .\n=======\n>>>>>>> other\n",
            2,
            "a merge left both versions here; keep one of them",
        ),
    ],
)
def test_what_only_looks_like_turtle_is_told_for_what_it_is(
    text: str, line: int, words: str
) -> None:
    with pytest.raises(errors.TurtleError) as caught:
        turtle.parse(text.encode(), "data/x.ttl")
    assert (caught.value.line, words in caught.value.reason) == (line, True)
