"""The terms of others are used as their vocabularies define them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from publish import cli, dataset, turtle, vocabulary

FOREIGN = Path(__file__).parent / "foreign"
HERE = "data/text/probe.ttl"
PREFIXES = """\
@prefix cito: <http://purl.org/spar/cito/> .
@prefix crm: <http://www.cidoc-crm.org/cidoc-crm/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix fabio: <http://purl.org/spar/fabio/> .
@prefix fm: <https://w3id.org/folkmote#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix frbr: <http://purl.org/vocab/frbr/core#> .
@prefix it: <https://example.org/strahlen/id/probe/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix relator: <http://id.loc.gov/vocabulary/relators/> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix str: <https://example.org/strahlen/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FIRST = PREFIXES.count("\n") + 1


@pytest.fixture
def check(tmp_path: Path):
    """Give a function that checks the foreign data set with a few more lines."""
    folder = shutil.copytree(FOREIGN, tmp_path / "folder")

    def check_with(lines: str) -> vocabulary.Report:
        (folder / HERE).write_text(PREFIXES + lines, encoding="utf-8")
        return vocabulary.check(dataset.load(folder))

    return check_with


def wrong(report: vocabulary.Report) -> list[tuple[int, str]]:
    """Give line, from the first after the prefixes, and message of each violation planted."""
    found = [one for one in report.findings if one.severity == "violation"]
    assert all(one.path == HERE for one in found)
    return [(one.line - FIRST + 1, one.message) for one in found]


def advice(report: vocabulary.Report) -> list[str]:
    return [o.message for o in report.findings if o.severity == "info" and o.path == HERE]


def test_a_data_set_that_uses_its_terms_well_passes() -> None:
    report = vocabulary.check(dataset.load(FOREIGN))
    assert not [one for one in report.findings if one.severity == "violation"]
    assert not report.unchecked


def test_the_shipped_data_set_uses_all_its_terms_well() -> None:
    report = vocabulary.check(dataset.load(dataset.shipped()))
    assert not [one for one in report.findings if one.severity == "violation"]
    assert not report.unchecked


WRONG = {
    "a property that is not there, with the one that was meant": (
        "it:a cito:hasCitationCharacterisation cito:cites .",
        "`cito:hasCitationCharacterisation` is no term of CiTO 2.8.2; "
        "write `cito:hasCitationCharacterization`",
    ),
    "a class that is not there": (
        "it:a a fabio:Wombat .",
        "`fabio:Wombat` is no term of FaBiO 2.3 of 2026-05-18; use a term that it has",
    ),
    "a role that nothing here plays": (
        "it:a rdfs:subPropertyOf fm:inPasage .",
        "`fm:inPasage` is no term of folkmote; write `fm:inPassage`",
    ),
    "an individual that is not there": (
        "it:a oa:motivatedBy oa:yodelling .",
        "`oa:yodelling` is no term of Web Annotation Vocabulary 2016-11-12; use a term that it has",
    ),
    "a datatype that is not there": (
        'it:a dcterms:date "1902"^^edtf:EDTV .',
        "`edtf:EDTV` is no term of EDTF datatypes; write `edtf:EDTF`",
    ),
    "a superseded property": (
        "it:a schema:isbnOf 1 .\nit:b schema:vendor it:c .",
        "`schema:vendor` is retired in schema.org 30.0; use `schema:seller`",
    ),
    "a retired individual": (
        "it:a dcterms:subject relator:voc .",
        "`relator:voc` is retired in MARC relators 2024; use another term",
    ),
    "an archaic property": (
        'it:a foaf:surname "Hertz" .',
        "`foaf:surname` is retired in FOAF; use another term",
    ),
    "a property that points at an individual of another class": (
        "it:a foaf:knows oa:editing .",
        "`foaf:knows` points at `foaf:Person`, but this is `oa:Motivation`; "
        "use another property or another type",
    ),
    "a property said of a wrong thing": (
        "it:a a foaf:Person .\nit:a dcat:hadRole it:r .",
        "`dcat:hadRole` is said of `dcat:Relationship` or `prov:Attribution`, "
        "but this is `foaf:Person`; use another property or another type",
    ),
    "a property that points at a wrong thing": (
        "it:a a crm:E5_Event .\nit:a crm:P7_took_place_at it:b .\nit:b a foaf:Person .",
        "`crm:P7_took_place_at` points at `crm:E53_Place`, "
        "but this is `foaf:Person`; use another property or another type",
    ),
    "a domain that a property has from the one above it": (
        "it:a a foaf:Person .\nit:a skos:broaderTransitive it:b .",
        "`skos:broaderTransitive` is said of `skos:Concept`, "
        "but this is `foaf:Person`; use another property or another type",
    ),
    "a text where a thing belongs": (
        'it:a skos:broader "Strahlen"@de .',
        "`skos:broader` points at a thing, not at a text; give the IRI of the thing",
    ),
    "a thing where a text belongs": (
        "it:a foaf:familyName it:b .",
        "`foaf:familyName` holds `rdfs:Literal`, not a thing; write the value in quotes",
    ),
    "a thing where a text of no special kind belongs": (
        "it:a dcat:version it:b .",
        "`dcat:version` holds a text, not a thing; write the value in quotes",
    ),
    "a wrong datatype": (
        'it:a prov:startedAtTime "1895"^^xsd:gYear .',
        "`prov:startedAtTime` points at `xsd:dateTime`, "
        "but this is `xsd:gYear`; use another property or another type",
    ),
    "a class where a property belongs": (
        "it:a fabio:Work it:b .",
        "`fabio:Work` is no property but a class; use a property here",
    ),
    "a property where a class belongs": (
        "it:a a dcterms:title .",
        "`rdf:type` points at `rdfs:Class`, "
        "but this is a property; use another property or another type",
    ),
    "a term of its own that its ontology does not declare": (
        'it:a str:numer "3" .',
        "`str:numer` is no term of the data set's own ontology; write `str:nummer`",
    ),
    "a term that was to be its own, and near to none": (
        'it:a str:wombat "3" .',
        "`str:wombat` is no term of the data set's own ontology; "
        "use a term that it has, or define this one there",
    ),
    "a wrong term in the text of a query": (
        'it:a sh:select "SELECT ?a { ?a cito:citess ?b # cito:no\\n }" .',
        "`cito:citess` is no term of CiTO 2.8.2; write `cito:cites`",
    ),
}


@pytest.mark.parametrize(("lines", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_use_is_found(check, lines: str, message: str) -> None:
    planted = next(i for i, line in enumerate(lines.split("\n"), 1) if _property_of(message, line))
    assert (planted, message) in wrong(check(lines))


def _property_of(message: str, line: str) -> bool:
    name = message.split("`")[1]
    return name in line or (name == "rdf:type" and " a " in line)


def test_a_wrong_use_stands_alone(check) -> None:
    assert len(wrong(check("it:a a foaf:Person .\nit:a dcat:hadRole it:r ."))) == 1


RIGHT = {
    "a subclass": "it:a a fabio:Book ; frbr:realizationOf it:b .\nit:b a fabio:Work .",
    "one of two alternatives": "it:a a prov:Attribution ; dcat:hadRole it:r .",
    "what has no type": "it:a dcat:hadRole it:r ; frbr:realizationOf it:b .",
    "a type that its vocabulary gives": "it:a oa:motivatedBy oa:identifying .",
    "a class equal to the one asked for": "it:a dcterms:creator it:b .\nit:b a foaf:Person .",
    "one fitting type of several": "it:a a prov:Attribution, foaf:Person ; dcat:hadRole it:r .",
    "a datatype below the one asked for": 'it:a rdfs:label "x" ; skos:notation "1"^^xsd:byte .',
    "the vocabulary itself": "it:a dcterms:conformsTo <http://purl.org/spar/cito/> .",
    "an IRI in a text of a query": (
        'it:a sh:select "PREFIX q: <http://purl.org/spar/fabio/> '
        "SELECT * { ?a q:hasURL 'cito:no' ; <http://purl.org/spar/cito/cites> ?b }\" ."
    ),
}


@pytest.mark.parametrize("lines", RIGHT.values(), ids=RIGHT.keys())
def test_a_right_use_passes(check, lines: str) -> None:
    assert wrong(check(lines)) == []
    assert advice(check(lines)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT ?a WHERE { ?a a foaf:Person }", ""),
        ("SELECT ?a WHERE { ?a a ?b FILTER(<urn:f>(?b)) }", ""),
        ("ASK { SERVICE <http://127.0.0.1:9/> { ?a a ?b } }", ""),
        ("SELCT ?a\nWHERE { ?a a ?b }", "line 1 of the query: `SELCT` cannot stand here"),
        ("SELECT ?a\nWHERE { ?a a ?b ", "line 2 of the query: the query ends too early"),
        ("SELECT ?a WHERE { ?a a nowhere:b }", "; mend the query"),
    ],
)
def test_a_saved_question_is_a_query(tmp_path: Path, text: str, words: str) -> None:
    folder = shutil.copytree(FOREIGN, tmp_path / "folder")
    place = folder / "data" / "questions" / "own.ttl"
    place.parent.mkdir(exist_ok=True)
    space = "https://example.org/strahlen/questions/"
    place.write_text(
        f'''{PREFIXES}
<{space}own> a sh:SPARQLExecutable , sh:SPARQLSelectExecutable ; rdfs:label "own"@de ;
  sh:select """{text}""" .''',
        encoding="utf-8",
    )
    found = vocabulary.check(dataset.load(folder)).findings
    told = [
        one.message
        for one in found
        if one.path == "data/questions/own.ttl" and "quer" in one.message
    ]
    assert len(told) == bool(words)
    assert all(words in one for one in told)


def test_a_recommendation_makes_advice_and_no_violation(check) -> None:
    lines = 'it:a a skos:Concept ; schema:birthDate "1857" .\nit:b a skos:Concept ; schema:birthDate "1862" .'
    report = check(lines)
    assert wrong(report) == []
    assert advice(report) == [
        "`schema:birthDate` is meant to be used of `schema:Person`, "
        "but this is `skos:Concept` (2 times, here first)"
    ]


def test_a_text_suits_where_schema_org_asks_for_a_text_of_its_own_kinds(check) -> None:
    assert advice(check('it:a schema:name "Röntgen"@de ; schema:isbn "0" .')) == []


def test_a_vocabulary_without_a_list_is_counted_and_nothing_else(check) -> None:
    lines = """
it:a <https://example.net/terms#weight> "3"^^<https://example.net/units/gram> .
it:b a <https://example.net/terms#Plate> ; rdfs:seeAlso <https://example.net/page> .
"""
    report = check(lines)
    assert wrong(report) == []
    assert report.unchecked == {"https://example.net/terms#": 2, "https://example.net/units/": 1}


@pytest.mark.parametrize(
    ("space", "meant"),
    [
        ("http://schema.org/", "schema.org"),
        ("http://www.w3.org/2004/02/skos/", "SKOS"),
        ("http://www.w3.org/2004/02/skos/core/", "SKOS"),
        ("http://xmlns.com/foaf/", "FOAF"),
    ],
)
def test_a_prefix_that_nearly_names_a_vocabulary_is_told_once(
    check, space: str, meant: str
) -> None:
    lines = f'@prefix n: <{space}> .\nit:a n:name "a" .\nit:b a n:Thing ; n:name "b" .\n'
    told = [one for one in check(lines).findings if one.path == HERE]
    assert [(one.line - FIRST + 1, one.severity) for one in told] == [(2, "warning")]
    assert told[0].message.startswith(f"<{space}> is no vocabulary known here; {meant}")
    assert told[0].message.endswith("so mend the prefix (3 times, here first)")


def test_a_space_that_holds_several_vocabularies_names_none(check) -> None:
    lines = '@prefix n: <http://purl.org/dc/> .\nit:a n:name "a" .\n'
    assert [one for one in check(lines).findings if one.path == HERE] == []


def test_the_command_reports_wrong_terms_and_says_what_it_could_not_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(FOREIGN, tmp_path / "folder")
    (folder / HERE).write_text(
        PREFIXES + 'it:a cito:citess it:b ; <https://example.net/terms#weight> "3" .\n'
    )
    monkeypatch.setattr("sys.argv", ["folkmote", "check", str(folder)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    told = capsys.readouterr()
    assert f"{HERE}:{FIRST}: violation:" in told.out
    assert "`cito:citess` is no term of CiTO 2.8.2; write `cito:cites`" in told.out
    last = told.err.splitlines()[-1]
    assert last.endswith("no list of their terms is kept: <https://example.net/terms#> (1 use)")


def test_a_vocabulary_is_reduced_to_its_facts() -> None:
    text = b"""
@prefix : <https://example.net/v#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<https://example.net/v> a owl:Ontology .
:Ray a owl:Class ; rdfs:label "ray" ; rdfs:subClassOf :Wave, [ a owl:Restriction ] .
:Beam a owl:Class ; owl:equivalentClass [ owl:intersectionOf ( :Ray [ a owl:Restriction ] ) ] .
:hits a owl:ObjectProperty, owl:TransitiveProperty ; rdfs:subPropertyOf :meets ;
  rdfs:domain [ owl:unionOf ( :Ray :Beam ) ] ; rdfs:range :Wall .
:meets a owl:ObjectProperty ; rdfs:domain [ owl:unionOf ( :Ray [ a owl:Restriction ] ) ] .
:old a owl:ObjectProperty ; owl:deprecated true .
:oldest a owl:ObjectProperty ; owl:deprecated "1"^^<http://www.w3.org/2001/XMLSchema#boolean> .
:older a owl:DatatypeProperty ; dcterms:isReplacedBy :hits .
:red a :Colour .
"""
    triples = [triple for triple, _ in turtle.parse(text, "v.ttl").triples]
    space = "https://example.net/v#"
    facts = vocabulary.reduce(triples, space)
    rows = vocabulary.listed(facts, space).splitlines()
    assert rows[0].split("\t") == list(vocabulary.COLUMNS)
    assert rows[1:] == [
        "Beam\tclass\t\tRay\t\t\t\t\t",
        "Ray\tclass\t\tWave\t\t\t\t\t",
        "hits\tobject property\t\tmeets\tBeam|Ray\tWall\t\t\t",
        "meets\tobject property\t\t\t\t\t\t\t",
        "old\tobject property\t\t\t\t\t\t\t-",
        "older\tdatatype property\t\t\t\t\t\t\thits",
        "oldest\tobject property\t\t\t\t\t\t\t-",
        "red\tindividual\tColour\t\t\t\t\t\t",
    ]


@pytest.mark.parametrize(
    "source", vocabulary.sources(), ids=lambda one: f"{one.prefix} {one.repository}"
)
def test_each_list_reads_back_as_it_was_written_and_names_its_source(source) -> None:
    facts = vocabulary.facts(source.prefix, source.namespace)
    path = vocabulary.FOLDER / f"{source.prefix}.tsv"
    assert vocabulary.listed(facts, source.namespace) == path.read_text(encoding="utf-8")
    assert facts
    assert all(ox.NamedNode(fact.term) and fact.kind for fact in facts)
    assert len(source.commit) == 40
    assert source.repository.count("/") == 1


def test_no_list_is_without_a_source() -> None:
    lists = {path.stem for path in vocabulary.FOLDER.glob("*.tsv")}
    assert lists == {source.prefix for source in vocabulary.sources()} | {"sources"}


def test_the_lists_hold_names_and_no_sentences() -> None:
    lists = [path for path in vocabulary.FOLDER.glob("*.tsv") if path.stem != "sources"]
    assert lists
    for path in lists:
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
        assert not any('"' in line or ". " in line for line in lines), path.name
