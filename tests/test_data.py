"""Rules that the shipped essay keeps, each a sentence.

Where a rule needs the essay itself it reads the copy that `FOLKMOTE_TEXT` names.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from time import struct_time

import essay_text
import pyoxigraph as ox
import pytest
from edtf import parse_edtf

from publish import dataset, turtle

BASE = "https://w3id.org/ksv/"
CRM = "http://www.cidoc-crm.org/cidoc-crm/"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = """
PREFIX ksv: <https://w3id.org/ksv/ontology#>
PREFIX doco: <http://purl.org/spar/doco/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX crm: <http://www.cidoc-crm.org/cidoc-crm/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX fabio: <http://purl.org/spar/fabio/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
RUN = 9  # words in a row that count as copied


@pytest.fixture(scope="module")
def store(essay: dataset.Dataset) -> ox.Store:
    store = ox.Store()
    store.extend(turtle.quad_of(triple) for triple in essay.union())
    return store


@pytest.fixture(scope="module")
def text() -> dict[str, str]:
    return {n: essay_text.normalised(t) for n, t in essay_text.passages().items()}


def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    """Run a query and give each row as plain strings."""
    solutions = store.query(PREFIXES + query)
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple("" if term is None else term.value for term in row) for row in solutions]


def test_each_passage_has_the_length_and_digest_of_its_text(
    store: ox.Store, text: dict[str, str]
) -> None:
    found = {
        number: (int(length), digest)
        for number, length, digest in rows(
            store,
            """SELECT ?n ?c ?d { ?p ksv:number ?n ; ksv:characters ?c ; ksv:digest ?d }""",
        )
    }
    expected = dict(text)
    for section in {number[0] for number in text if not number.startswith("fn")}:
        paragraphs = [t for n, t in text.items() if n.startswith(f"{section}.")]
        expected[section] = " ".join(paragraphs)
    assert found == {
        number: (len(t), hashlib.sha256(t.encode()).hexdigest()) for number, t in expected.items()
    }


def test_each_note_is_said_to_be_called_where_its_mark_stands(store: ox.Store) -> None:
    marks = {
        f"fn{note}": number
        for number, raw in essay_text.passages().items()
        if not number.startswith("fn")
        for note in re.findall(r"\[\^(\d+)\]", raw)
    }
    called = rows(store, "SELECT ?n ?m { ?p ksv:number ?n ; ksv:noteCalledIn/ksv:number ?m }")
    assert sorted(called) == sorted(marks.items())


def test_each_pointer_is_printed_in_its_passage(store: ox.Store, text: dict[str, str]) -> None:
    pointers = rows(store, "SELECT ?n ?t { ?c ksv:pointerText ?t ; ksv:inPassage/ksv:number ?n }")
    assert pointers
    missing = [
        (number, pointer)
        for number, pointer in pointers
        if essay_text.normalised(pointer) not in text[number].replace('"', "")
    ]
    assert missing == []


def test_each_mentioned_form_is_printed_in_its_passage(
    store: ox.Store, text: dict[str, str]
) -> None:
    forms = rows(store, "SELECT ?n ?f { ?m ksv:form ?f ; ksv:inPassage/ksv:number ?n }")
    missing = [(n, form) for n, form in forms if form not in text[n].replace('"', "")]
    assert len(forms) > 800
    assert missing == []


def test_no_mention_counts_more_than_its_forms_occur(store: ox.Store, text: dict[str, str]) -> None:
    forms: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    counted: defaultdict[tuple[str, str], int] = defaultdict(int)
    for thing, number, form in rows(
        store, "SELECT ?b ?n ?f { ?m oa:hasBody ?b ; ksv:form ?f ; ksv:inPassage/ksv:number ?n }"
    ):
        forms[thing, number].add(form)
    for thing, number, count in rows(
        store,
        """SELECT ?b ?n ?o
        { ?m oa:hasBody ?b ; ksv:occurrences ?o ; ksv:inPassage/ksv:number ?n }""",
    ):
        counted[thing, number] += int(count)
    wrong = []
    for (thing, number), spelled in forms.items():
        longest_first = sorted(map(re.escape, spelled), key=len, reverse=True)
        printed = len(re.findall("|".join(longest_first), text[number].replace('"', "")))
        if not len(spelled) <= counted[thing, number] <= printed:
            wrong.append((thing, number, counted[thing, number], printed))
    assert wrong == []


@pytest.mark.parametrize(
    "kind", ["foaf:Person", "foaf:Group", "foaf:Organization", "ksv:Network", "crm:E53_Place"]
)
def test_no_printed_name_goes_without_a_mention(
    store: ox.Store, text: dict[str, str], kind: str
) -> None:
    """Each occurrence of a name lies inside a form that some mention of its passage records."""
    names = rows(
        store,
        f"""SELECT DISTINCT ?l {{
          ?t a {kind} ; skos:prefLabel|skos:altLabel|skos:hiddenLabel ?l .
          ?m oa:hasBody ?t ; ksv:mentionKind ksv:Named }}""",
    )
    recorded: defaultdict[str, set[str]] = defaultdict(set)
    for number, form in rows(
        store, "SELECT ?n ?f { ?m ksv:form ?f ; ksv:inPassage/ksv:number ?n }"
    ):
        recorded[number].add(form)
    unmentioned = [
        (number, name)
        for (name,) in names
        for number, passage in text.items()
        if re.search(rf"\b{re.escape(name)}(?!\w)", passage)
        and not any(name in form for form in recorded[number])
    ]
    assert unmentioned == []


def test_the_bounds_of_a_time_span_are_those_of_its_edtf_string(store: ox.Store) -> None:
    def day(moment: struct_time) -> str:
        return date(*moment[:3]).isoformat()

    spans = rows(
        store,
        """SELECT ?s ?e ?a ?b {
          ?s crm:P82_at_some_time_within ?e ; crm:P82a_begin_of_the_begin ?a
          OPTIONAL { ?s crm:P82b_end_of_the_end ?b } }""",
    )
    assert len(spans) > 50
    wrong = []
    for span, edtf, first, last in spans:
        parsed = parse_edtf(edtf)
        latest = "" if edtf.endswith("..") else day(parsed.upper_fuzzy())
        if (first, last) != (day(parsed.lower_fuzzy()), latest):
            wrong.append((span, edtf, day(parsed.lower_fuzzy()), latest))
    assert wrong == []


@pytest.mark.parametrize(
    "edtf",
    [
        "1892",
        "1976~",
        "1976?",
        "1976%",
        "191X",
        "19XX",
        "1845/1846",
        "1967~/1973~",
        "1867/..",
        "1926-08",
        "1900-02",
        "1904-02",
        "2000-02",
        "1905-06",
        "1842-12-09",
        "1931-XX",
        "1931-02-XX",
    ],
)
def test_the_rules_of_bounds_agree_with_the_edtf_package(essay: dataset.Dataset, edtf: str) -> None:
    """The rules are silent at the bounds that the package computes, and speak a day beside them."""
    parsed = parse_edtf(edtf)
    true = {"begin": date(*parsed.lower_fuzzy()[:3])}
    if not edtf.endswith(".."):
        true["end"] = date(*parsed.upper_fuzzy()[:3])
    for which, day in true.items():
        for moved, said in ((0, 0), (1, 1), (-1, 1)):
            given = {**true, which: day + timedelta(moved)}
            told = {name: one.isoformat() for name, one in given.items()}
            assert len(list(complaints(essay, edtf, which, told))) == said, (which, moved)


@pytest.mark.parametrize(
    ("edtf", "begin", "end"),
    [
        ("-0384", "-0384-01-01", "-0384-12-31"),
        ("-038X", "-0389-01-01", "-0380-12-31"),
        ("-0043-02", "-0043-02-01", "-0043-02-28"),
        ("-0384/-0322", "-0384-01-01", "-0322-12-31"),
        ("0000%", "-0002-01-01", "0002-12-31"),
    ],
)
def test_the_rules_of_bounds_count_years_before_christ(
    essay: dataset.Dataset, edtf: str, begin: str, end: str
) -> None:
    # Neither Python's dates nor rdflib hold such a year, so that no report in RDF can be expected.
    true = {"begin": begin, "end": end}
    for which, day in true.items():
        other = day.replace("-12", "-11").replace("-01-", "-02-").replace("28", "27")
        moved = {**true, which: other if other != day else day[:-1] + "2"}
        assert list(complaints(essay, edtf, which, true)) == []
        assert len(list(complaints(essay, edtf, which, moved))) == 1


def complaints(
    essay: dataset.Dataset, edtf: str, which: str, days: Mapping[str, str]
) -> Iterator[ox.QuerySolution]:
    """Ask the rule for one of the bounds of what it thinks of a time span."""
    rule = ox.NamedNode(f"https://w3id.org/ksv/shapes#span-{which}-of-edtf-query")
    shapes = essay.triples(essay.shapes_graph)
    (text,) = [
        t.object for t in shapes if t.subject == rule and t.predicate.value.endswith("#select")
    ]
    assert isinstance(text, ox.Literal)
    bounds = {"begin": "P82a_begin_of_the_begin", "end": "P82b_end_of_the_end"}
    data = ox.Store()
    span = ox.NamedNode("urn:span")
    datatype = ox.NamedNode("http://id.loc.gov/datatypes/edtf/EDTF")
    data.add(
        ox.Quad(
            span, ox.NamedNode(CRM + "P82_at_some_time_within"), ox.Literal(edtf, datatype=datatype)
        )
    )
    for name, day in days.items():
        typed = ox.Literal(day, datatype=ox.NamedNode(XSD + "date"))
        data.add(ox.Quad(span, ox.NamedNode(CRM + bounds[name]), typed))
    prefixes = f"PREFIX crm: <{CRM}> PREFIX xsd: <{XSD}> "
    found = data.query(prefixes + text.value.replace("$this", "?this"))
    assert isinstance(found, ox.QuerySolutions)
    yield from found


def test_no_literal_copies_a_sentence_of_the_essay(
    essay: dataset.Dataset, store: ox.Store, text: dict[str, str]
) -> None:
    """A run of nine words may only be (part of) a title or a heading."""
    titles = rows(
        store,
        """SELECT DISTINCT ?t {
          { ?e dcterms:title ?t } UNION { ?e ksv:titleInSource ?t } UNION { ?c ksv:locator ?t } }""",
    )
    allowed = {" ".join(essay_text.words(title)) for (title,) in titles}
    known = set()
    for passage in text.values():
        tokens = essay_text.words(passage)
        known |= {tuple(tokens[i : i + RUN]) for i in range(len(tokens) - RUN + 1)}
    copied = set()
    for triples in essay.graphs.values():
        for quad in triples:
            if not isinstance(quad.object, ox.Literal):
                continue
            phrase = " ".join(essay_text.words(quad.object.value))
            for title in sorted(allowed, key=len, reverse=True):
                if len(title.split()) > 2:
                    phrase = phrase.replace(title, " | ")
            for part in phrase.split("|"):
                tokens = part.split()
                copied |= {
                    " ".join(tokens[i : i + RUN])
                    for i in range(len(tokens) - RUN + 1)
                    if tuple(tokens[i : i + RUN]) in known
                }
    assert copied == set()


def test_each_claim_is_held_by_someone_somewhere(store: ox.Store) -> None:
    alone = rows(
        store,
        """SELECT ?c { ?c a ksv:Claim FILTER NOT EXISTS {
          ?s ksv:towards ?c ; ksv:attitude ksv:Holds ; ksv:inPassage ?p } }""",
    )
    assert alone == []


def test_no_claim_stands_alone(store: ox.Store) -> None:
    """Each bears on another, or another on it, so that the argument can be followed."""
    alone = rows(
        store,
        """SELECT ?c { ?c a ?kind VALUES ?kind { ksv:Claim ksv:Comparison }
          FILTER NOT EXISTS {
            ?c ksv:supports|ksv:refines|ksv:challenges|ksv:parallelsClaim|
              ^ksv:supports|^ksv:refines|^ksv:challenges|^ksv:parallelsClaim ?d } }""",
    )
    assert alone == []


def test_every_study_of_note_16_is_read_beside_a_moment_of_3_9(store: ox.Store) -> None:
    """The note lists its fifteen studies in the order of the moments that the paragraph lists."""
    read = rows(
        store,
        """PREFIX schema: <https://schema.org/> PREFIX cito: <http://purl.org/spar/cito/>
        SELECT ?k (MIN(?first) AS ?begin) {
          ?c ksv:inPassage/ksv:number "fn16" ; schema:position ?k ; cito:hasCitedEntity ?e .
          ?r a ksv:Relation ; rdf:subject ?e ; rdf:predicate schema:about ; rdf:object ?event .
          ?event ksv:inPassage/ksv:number "3.9" ;
            crm:P4_has_time-span/crm:P82a_begin_of_the_begin ?first
        } GROUP BY ?k ORDER BY ?k""",
    )
    assert [int(place) for place, _ in read] == list(range(1, 16))
    # The sit-downs of the 1930s stand before Italy in the 1950s: the paragraph goes by time.
    assert [day for _, day in read] == sorted(day for _, day in read)


def test_every_paragraph_and_note_carries_a_record(store: ox.Store) -> None:
    empty = rows(
        store,
        """SELECT ?n { ?p a ksv:Passage ; ksv:number ?n FILTER(CONTAINS(?n, ".") || CONTAINS(?n, "fn"))
          FILTER NOT EXISTS { ?r ksv:inPassage ?p ; ksv:basis ?b } }""",
    )
    assert empty == []


def test_no_name_that_was_released_has_vanished(essay: dataset.Dataset) -> None:
    """Names are retired, with owl:deprecated and what replaced them, and never removed."""
    released = (Path(__file__).parent / "released-iris.txt").read_text(encoding="utf-8").split()
    known = {
        triple.subject.value.removeprefix(BASE)
        for triple in essay.union()
        if isinstance(triple.subject, ox.NamedNode)
    }
    assert len(released) > 2_000
    assert [name for name in released if name not in known] == []


@pytest.mark.parametrize(
    ("thing", "pattern"),
    [
        ("every agent, also by the class above", "?x a foaf:Agent ; rdfs:label ?label"),
        ("a place by its label", '?x a crm:E53_Place ; rdfs:label "Paris"@en'),
        ("all that happened by one class", "ev:hungarian-workers-councils-1956 a crm:E4_Period"),
        ("all editions by one class", "ed:kropotkin-1902 a fabio:Expression"),
        ("the citations by CiTO", "cit:fn5-01 a cito:Citation"),
        ("the mentions by Web Annotation", "?x a oa:Annotation ; oa:hasBody con:mutual-aid"),
        ("who made an edition", "ed:kropotkin-1902 dcterms:creator person:kropotkin-peter"),
        ("who made a work", "work:mutual-aid dcterms:creator person:kropotkin-peter"),
        ("who stands in a key", "ed:red-notes-cse-1979 dcterms:creator group:cse"),
        (
            "who is named as publisher",
            "ed:fields-factories-and-workshops-freedom-press dcterms:publisher group:freedom-press",
        ),
        ("the form of a source", "ed:wright-1988 a fabio:Thesis"),
        ("a translation told outside", "ed:negri-1991 frbr:translationOf ed:negri-1979b"),
        ("who edited a volume", "ed:sachs-1992 schema:editor person:sachs"),
        (
            "what came within what",
            "ev:russian-revolution-1905 crm:P10_falls_within ev:russian-revolutions-1905-1917",
        ),
        (
            "what came before what",
            "ev:release-from-clairvaux crm:P183_ends_before_the_start_of ev:kropotkin-in-london",
        ),
        ("what a time brought forth", "work:mutual-aid ksv:aroseIn ev:kropotkin-in-london"),
        ("what shows self-activity", "ev:iww-struggles-1910s ksv:manifests con:self-activity"),
        (
            "who took part in what",
            "ev:conference-with-russian-participants ksv:participant person:cleaver-harry",
        ),
        ("where a town lies", "place:paris crm:P89_falls_within place:france"),
        ("the kinds of a thing", "con:expropriation skos:broader con:political-tactics"),
        ("a day told outside", "ev:world-war-i ksv:datedOutside/crm:P82a_begin_of_the_begin ?x"),
        (
            "what both branches of orthodoxy met with",
            "group:autonomist-marxists ksv:criticised con:social-democracy, con:marxism-leninism",
        ),
    ],
)
def test_what_a_stranger_tries_first_finds(
    essay: dataset.Dataset, store: ox.Store, thing: str, pattern: str
) -> None:
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in essay.prefixes.items())
    assert store.query(f"{prefixes} ASK {{ {pattern} }}"), thing


def test_everything_has_a_label(store: ox.Store) -> None:
    assert not rows(
        store,
        "SELECT ?x WHERE { ?x a ?type FILTER(STRSTARTS(STR(?x), 'https://w3id.org/ksv/id/'))"
        " FILTER NOT EXISTS { ?x <http://www.w3.org/2000/01/rdf-schema#label> ?label } }",
    )
