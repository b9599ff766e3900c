"""Records in the formats of libraries: valid by their schemas, and with what they should hold."""

from __future__ import annotations

import io
import json
import os
from dataclasses import replace
from pathlib import Path

import pymarc
import pytest
from conftest import Runner
from lxml import etree

from publish import crosswalks, errors, negotiation, turtle, vocabulary
from publish import dataset as datasets
from publish import namespaces as ns
from publish.catalogue import Catalogue, Date, Entry, Kind
from publish.crosswalks import Profile, Release, crm, profiles, tables
from publish.dataset import Dataset
from publish.records import Records
from publish.sources import Text

KSV = "https://w3id.org/ksv/id/"
RDF = [one.name for one in profiles() if negotiation.TURTLE in one.formats]
XML = [one.name for one in profiles() if one.name not in (*RDF, "lpf")]
RELEASE = Release("2026-11-24", {})


def profile(name: str) -> Profile:
    return crosswalks.find(name, profiles())


def whole(data: Dataset, name: str, form: negotiation.Format | None = None) -> bytes:
    one = profile(name)
    entries = Catalogue(Records(data)).entries(kinds=one.kinds)
    return b"".join(one.write(entries, form or one.formats[0], RELEASE))


def entry(data: Dataset, iri: str) -> Entry:
    return Catalogue(Records(data)).entry(iri)


def schema(name: str) -> etree.XMLSchema:
    folder = os.environ.get("FOLKMOTE_SUITES")
    if not folder:
        pytest.skip("FOLKMOTE_SUITES is not set")
    return etree.XMLSchema(etree.parse(str(Path(folder) / "xsd" / name)))


def marc(data: Dataset, iri: str) -> pymarc.Record:
    written = profile("marc21").record(entry(data, iri), crosswalks.MARC, RELEASE)
    read: list[pymarc.Record | None] = list(pymarc.MARCReader(io.BytesIO(written)))
    assert len(read) == 1
    assert read[0] is not None
    return read[0]


def fixed(record: pymarc.Record) -> str:
    """Give the coded part of a record from the kind of date on."""
    return (record["008"].data or "")[6:15]


def test_marcxml_is_valid(either: Dataset) -> None:
    rules = schema("MARC21slim.xsd")
    rules.assertValid(etree.fromstring(whole(either, "marc21")))


def test_dublin_core_is_valid(either: Dataset) -> None:
    rules = schema("oai_dc.xsd")
    records = etree.fromstring(whole(either, "oai_dc"))
    assert len(records)
    for one in records:
        rules.assertValid(one)


def test_binary_marc_is_read_back_whole(either: Dataset) -> None:
    read = list(pymarc.MARCReader(io.BytesIO(whole(either, "marc21", crosswalks.MARC))))
    assert None not in read
    numbers = [one["001"].data for one in read]
    assert len(numbers) == len(set(numbers))
    for one in read:
        fixed = one["008"].data
        assert len(fixed) == 40, one["001"].data
        assert len(str(one.leader)) == 24


def test_a_bibliographic_record_names_people_by_record_and_by_thing(essay: Dataset) -> None:
    read = marc(essay, KSV + "edition/conquest-of-bread-woodcock")
    author = read["100"]
    assert author["a"] == "Kropotkin, Peter"
    assert author["d"] == "1842-1921"
    assert author["4"] == "aut"
    assert author["0"].startswith("http://id.loc.gov/authorities/names/")
    assert author["1"] == KSV + "person/kropotkin-peter"
    other = read["700"]
    assert (other["a"], other["4"]) == ("Woodcock, George", "win")
    assert str(read).count("=245  14$aThe Conquest of Bread") == 1
    assert read.leader[6:8] == "am"


def test_a_part_is_a_part_and_an_uncertain_year_stays_uncertain(essay: Dataset) -> None:
    part = marc(essay, KSV + "edition/negri-archaeology-in-1988")
    assert part.leader[6:8] == "aa"
    assert part["773"]["w"] == "edition/negri-1988"
    assert part["773"]["7"] == "nnam"
    assert part["773"]["d"] == "London : Red Notes, 1988"
    assert marc(essay, KSV + "edition/cleaver-socialism")["773"]["g"] == "pages 233-249"
    host = marc(essay, KSV + "edition/kropotkin-1910")["773"]
    assert (host["t"], host["g"]) == ("Encyclopædia Britannica", "vol. 1")
    assert marc(essay, KSV + "edition/wright-1988")["502"]["a"].startswith("Thesis--")
    assert part["765"]["o"] == KSV + "edition/negri-archeologia-in-1982"
    circa = marc(essay, KSV + "edition/alquati-negri-sormano-1976")
    assert fixed(circa) == "s1976" + " " * 4
    assert circa["046"]["k"] == "1976~"
    assert circa["264"]["c"] == "circa 1976"
    century = marc(essay, KSV + "edition/woodcock-avakumovic-19xx")
    assert fixed(century) == "q19001999"
    assert century["264"]["c"] == "[between 1900 and 1999]"
    open_end = marc(essay, KSV + "edition/marx-capital-1867")
    assert fixed(open_end) == "m18679999"


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        ("1985-XX", "the spring of it"),
        ("1900-05-XX", "the spring of it"),
        ("198X", "[between 1980 and 1989]"),
        ("198X-05", "[between 1980 and 1989]"),
    ],
)
def test_a_range_is_said_of_a_year_that_is_unknown_only(
    essay: Dataset, edtf: str, said: str
) -> None:
    part = entry(essay, KSV + "edition/negri-archaeology-in-1988")
    assert part.host
    dated = replace(part.host, date=Date(edtf, label="the spring of it"))
    for one, tag, sub in ((dated, "264", "c"), (replace(part, host=dated), "773", "d")):
        written = profile("marc21").record(one, crosswalks.MARC, RELEASE)
        (read,) = pymarc.MARCReader(io.BytesIO(written))
        assert read
        assert read[tag][sub].endswith(said)
        assert ("[between" in read[tag][sub]) == said.startswith("[")


def test_a_translation_is_filed_under_the_title_of_its_original(essay: Dataset) -> None:
    bread = marc(essay, KSV + "edition/kropotkin-1906")
    assert bread["240"].indicators == ("1", "3")
    assert (bread["240"]["a"], bread["240"]["l"]) == ("La conquête du pain", "English")
    assert bread["765"]["t"] == "La conquête du pain"
    assert "240" not in marc(essay, KSV + "edition/kropotkin-1892")
    one = entry(essay, KSV + "edition/negri-1991")
    top = etree.fromstring(profile("mods").record(one, crosswalks.MODS, RELEASE))
    assert top.findtext(".//{*}relatedItem[@type='original']//{*}title") == "Marx oltre Marx"


def test_an_authority_record_has_heading_variants_and_relatives(essay: Dataset) -> None:
    person = marc(essay, KSV + "person/kropotkin-peter")
    assert person.leader[6] == "z"
    assert person["100"].value() == "Kropotkin, Peter 1842-1921"
    assert "Kropotkin" in [field["a"] for field in person.get_fields("400")]
    assert person["046"]["f"] == "1842-12-09"
    turned = [field["a"] for field in person.get_fields("400")]
    assert "Kropotkin, Pyotr Alexeyevich" in turned
    assert turned.count("Кропоткин, Пётр Алексеевич") == 1
    assert not any(one.endswith(" Kropotkin") for one in turned)
    (real,) = marc(essay, KSV + "persona/chaulieu").get_fields("500")
    assert (real["i"], real["a"]) == ("Real identity:", "Castoriadis, Cornelius")
    assert real["1"] == KSV + "person/castoriadis-cornelius"
    (signed,) = marc(essay, KSV + "person/castoriadis-cornelius").get_fields("500")
    assert (signed["i"], signed["a"]) == ("Alternate identity:", "Chaulieu")
    assert signed["1"] == KSV + "persona/chaulieu"
    (family,) = marc(essay, KSV + "person/dalla-costa").get_fields("400")
    assert (family["a"], family.indicator1) == ("Dalla Costa", "1")
    concept = marc(essay, KSV + "concept/mutual-aid")
    assert concept["150"]["a"] == "mutual aid"
    assert {field["1"] for field in concept.get_fields("550")} >= {KSV + "concept/cooperation"}
    work = marc(essay, KSV + "work/conquest-of-bread")
    assert (work["100"]["a"], work["100"]["t"]) == ("Kropotkin, Peter", "The Conquest of Bread")


def test_people_of_one_kind_are_topics_and_bodies_are_corporate_names(essay: Dataset) -> None:
    hackers = marc(essay, KSV + "edition/levy-1984")
    assert (hackers["650"]["a"], "610" in hackers) == ("hackers", False)
    heading = marc(essay, KSV + "group/hackers")
    assert (heading["150"]["a"], "678" in heading) == ("hackers", False)
    assert heading["680"]["i"].startswith("Users of computer networks")
    body = marc(essay, KSV + "group/iww")
    assert (body["110"]["a"], "680" in body) == ("IWW", False)
    (current,) = marc(essay, KSV + "group/orthodox-marxists").get_fields("550")[:1]
    assert current["i"] == "Member:"
    one = entry(essay, KSV + "edition/levy-1984")
    top = etree.fromstring(profile("mods").record(one, crosswalks.MODS, RELEASE))
    assert [part.text for part in top.findall(".//{*}subject/{*}topic")] == ["hackers"]


@pytest.mark.parametrize(
    ("name", "group", "class_"),
    [
        ("madsrdf", "hackers", "madsrdf:Topic"),
        ("madsrdf", "iww", "madsrdf:CorporateName"),
        ("bibframe", "hackers", "bf:Topic"),
        ("bibframe", "iww", "bf:Organization"),
    ],
)
def test_rdf_for_libraries_tells_people_of_one_kind_from_bodies(
    essay: Dataset, name: str, group: str, class_: str
) -> None:
    one = entry(essay, f"{KSV}group/{group}")
    written = profile(name).record(one, negotiation.TURTLE, RELEASE).decode()
    classes = ("madsrdf:Topic", "madsrdf:CorporateName", "bf:Topic", "bf:Organization")
    assert [one for one in classes if f"a {one}" in written] == [class_]


def test_a_person_has_the_same_heading_as_author_subject_and_member(essay: Dataset) -> None:
    subject = marc(essay, KSV + "edition/cahm-1989")["600"]
    author = marc(essay, KSV + "edition/kropotkin-1902")["100"]
    assert (subject["a"], subject["d"]) == ("Kropotkin, Peter", "1842-1921")
    assert (author["a"], author["d"]) == (subject["a"], subject["d"])
    members = marc(essay, KSV + "group/autonomist-marxists").get_fields("500")
    headings = [(field["a"], field.get("d")) for field in members]
    assert ("Tronti, Mario", "1931-2023") in headings
    assert ("Cartosio, Bruno", None) in headings
    one = entry(essay, KSV + "edition/cahm-1989")
    top = etree.fromstring(profile("mods").record(one, crosswalks.MODS, RELEASE))
    parts = top.findall(".//{*}subject/{*}name/{*}namePart")
    assert [(part.get("type"), part.text) for part in parts] == [
        ("family", "Kropotkin"),
        ("given", "Peter"),
        ("date", "1842-1921"),
    ]


def test_catalogues_are_told_where_a_life_began_and_ended(essay: Dataset) -> None:
    one = entry(essay, KSV + "person/marx")
    place = marc(essay, one.iri)["370"]
    assert (place["a"], place["b"]) == ("Trier", "London")
    trier = KSV + "place/trier"
    text = profile("madsrdf").record(one, negotiation.N_TRIPLES, RELEASE).decode()
    assert f"<{one.iri}> <{ns.MADS}birthPlace> <{trier}#authority>" in text
    text = profile("schema").record(one, negotiation.N_TRIPLES, RELEASE).decode()
    assert f"<{one.iri}> <{ns.SCHEMA}birthPlace> <{trier}>" in text
    assert f"<{one.iri}> <{ns.SCHEMA}deathPlace> <{KSV}place/london>" in text
    text = profile("crm").record(replace(one, born=None), negotiation.N_TRIPLES, RELEASE).decode()
    assert f"<{ns.CRM}P7_took_place_at> <{trier}>" in text
    assert text.count("took_place_at") == 2
    assert "370" not in marc(essay, KSV + "person/mattera")


def test_a_value_too_long_for_iso_2709_is_cut_and_a_record_refused(essay: Dataset) -> None:
    one = entry(essay, KSV + "concept/mutual-aid")
    long = replace(one, definitions=(Text("ä" * 20_000),))
    (read,) = pymarc.MARCReader(
        io.BytesIO(profile("marc21").record(long, crosswalks.MARC, RELEASE))
    )
    assert read is not None
    assert read["677"]["a"].endswith("ä…")
    many = replace(one, variants=tuple(Text(f"{n} " + "x" * 5_000) for n in range(30)))
    with pytest.raises(errors.NotAcceptable, match="take it as MARCXML"):
        profile("marc21").record(many, crosswalks.MARC, RELEASE)


def test_a_withdrawn_record_says_so(essay: Dataset) -> None:
    gone = replace(entry(essay, KSV + "concept/mutual-aid"), retired=True)
    written = profile("marc21").record(gone, crosswalks.MARC, RELEASE)
    (read,) = pymarc.MARCReader(io.BytesIO(written))
    assert read is not None
    assert read.leader[5] == "d"
    assert "withdrawn" in read["682"]["i"]


@pytest.mark.parametrize("name", RDF)
def test_rdf_uses_terms_as_their_vocabularies_define_them(
    either: Dataset, name: str, tmp_path: Path
) -> None:
    path = tmp_path / f"{name}.nt"
    path.write_bytes(whole(either, name, negotiation.N_TRIPLES))
    found = vocabulary.check(datasets.load_file(path)).findings
    # What the model itself prescribes against the domains and ranges of the terms that it takes
    # (OCDM 2.1: `frbr:part` for references, `foaf:familyName` of agents), and one kept list that
    # takes a symmetric property for an individual.
    known = ("`frbr:part`", "`foaf:familyName`", "`foaf:givenName`", "hasReciprocalAuthority")
    wrong = [
        one.message
        for one in found
        if one.severity == "violation" and not any(part in one.message for part in known)
    ]
    assert [one for one in wrong if not one.startswith("`schema:creator`")] == []


def test_terms_of_schema_org_are_said_of_what_they_are_meant_for(
    either: Dataset, tmp_path: Path
) -> None:
    path = tmp_path / "schema.nt"
    path.write_bytes(whole(either, "schema", negotiation.N_TRIPLES))
    # `domainIncludes` and `rangeIncludes` only advise.
    found = vocabulary.check(datasets.load_file(path)).findings
    advice = [one.message for one in found if one.message.startswith("`schema:")]
    assert [one for one in advice if not one.startswith("`schema:creator`")] == []


@pytest.mark.parametrize("name", RDF)
def test_rdf_is_the_same_in_each_format(foreign: Dataset, name: str) -> None:
    import pyoxigraph as ox

    def read(form: negotiation.Format, kind: ox.RdfFormat) -> set[ox.Triple]:
        graph = ox.Dataset(ox.parse(whole(foreign, name, form), kind))
        graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        return {quad.triple for quad in graph}

    turtle = read(negotiation.TURTLE, ox.RdfFormat.TURTLE)
    # A data set of few kinds has nothing for some of them, but most.
    assert turtle or name == "ocdm"
    assert read(negotiation.JSON_LD, ox.RdfFormat.JSON_LD) == turtle


def test_a_citation_has_the_five_nodes_of_the_model(essay: Dataset) -> None:
    one = entry(essay, KSV + "citation/fn19-05")
    text = profile("ocdm").record(one, negotiation.N_TRIPLES, RELEASE).decode()
    cited = one.linked("cited")[0].iri
    assert f"<{one.iri}> <{ns.CITO}hasCitedEntity> <{cited}>" in text
    assert f"<{one.iri}#pointer> <{ns.C4O}denotes> <{cited}#reference>" in text
    assert f"<{one.iri}#annotation> <{ns.OA}hasBody> <{one.iri}>" in text
    assert f"<{cited}#reference> <{ns.BIRO}references> <{cited}>" in text


def test_a_translation_has_a_work_of_its_own_in_bibframe(essay: Dataset) -> None:
    one = entry(essay, KSV + "edition/negri-archaeology-in-1988")
    text = profile("bibframe").record(one, negotiation.N_TRIPLES, RELEASE).decode()
    assert f"<{one.iri}> <{ns.BF}instanceOf> <{one.iri}#work>" in text
    assert f"<{one.iri}#work> <{ns.BF}translationOf> <{KSV}work/negri-archeologia>" in text


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("fr-CA", '<http://id.loc.gov/vocabulary/languages/fre> {label} "French"@en .'),
        ("qaa-x", '{label} "qaa-x" .'),
    ],
)
def test_bibframe_names_a_language_as_the_library_of_congress_does(
    essay: Dataset, tag: str, said: str
) -> None:
    one = replace(entry(essay, KSV + "edition/negri-1991"), language=tag)
    bibframe = profile("bibframe")
    text = b"".join(bibframe.write([one], negotiation.N_TRIPLES, RELEASE)).decode()
    assert said.format(label=f"<{ns.RDFS}label>") in text
    assert ("vocabulary/languages/" in text) is (tag == "fr-CA")


@pytest.mark.parametrize(
    ("edition", "codes"),
    [
        ("negri-archaeology-in-1988", ["eng", "ita"]),
        ("kropotkin-1906", ["eng", "fre"]),
        ("bologna-tribe-of-moles", ["eng"]),
    ],
)
def test_marc_tells_the_language_of_the_original_where_it_is_known(
    essay: Dataset, edition: str, codes: list[str]
) -> None:
    (language,) = marc(essay, KSV + f"edition/{edition}").get_fields("041")
    assert [*language.get_subfields("a"), *language.get_subfields("h")] == codes


def test_libraries_are_told_the_pages_and_the_edition_that_a_source_tells(essay: Dataset) -> None:
    one = replace(
        entry(essay, KSV + "edition/baldwin-1970"), page_count="307", edition_statement="2nd ed."
    )
    (record,) = pymarc.MARCReader(
        io.BytesIO(profile("marc21").record(one, crosswalks.MARC, RELEASE))
    )
    assert record is not None
    assert [record[tag]["a"] for tag in ("250", "300")] == ["2nd ed.", "307 pages"]
    top = etree.fromstring(profile("mods").record(one, crosswalks.MODS, RELEASE))
    assert top.findtext(".//{*}originInfo/{*}edition") == "2nd ed."
    assert top.findtext(".//{*}physicalDescription/{*}extent") == "307 pages"
    text = profile("bibframe").record(one, negotiation.N_TRIPLES, RELEASE).decode()
    assert f'<{one.iri}> <{ns.BF}editionStatement> "2nd ed."' in text
    assert f'<{ns.RDFS}label> "307 pages"' in text
    said = profile("schema").record(one, negotiation.N_TRIPLES, RELEASE).decode()
    assert f'<{one.iri}> <{ns.SCHEMA}numberOfPages> "307"^^<{ns.XSD}integer>' in said
    assert f'<{one.iri}> <{ns.SCHEMA}bookEdition> "2nd ed."' in said


def test_schema_org_keeps_an_uncertain_date_as_text(essay: Dataset) -> None:
    one = entry(essay, KSV + "edition/alquati-negri-sormano-1976")
    text = profile("schema").record(one, negotiation.JSON_LD, RELEASE)
    said = {key: value for node in json.loads(text) for key, value in node.items()}
    assert said["https://schema.org/datePublished"] == [{"@value": "1976~"}]


def test_mods_has_names_in_parts_and_the_date_as_edtf(essay: Dataset) -> None:
    one = entry(essay, KSV + "edition/alquati-negri-sormano-1976")
    top = etree.fromstring(profile("mods").record(one, crosswalks.MODS, RELEASE))
    (name, *_) = top.iter("{*}name")
    assert name.get("usage") == "primary"
    parts = {part.get("type"): part.text for part in name.iter("{*}namePart")}
    assert parts == {"family": "Alquati", "given": "Romano", "date": "1935-2010"}
    (date,) = (one for one in top.iter("{*}dateIssued") if one.get("encoding") == "edtf")
    assert (date.text, date.get("qualifier")) == ("1976~", "approximate")
    (title,) = top.iter("{*}titleInfo")
    assert title.get("supplied") == "yes"


def test_places_are_features_of_linked_places(essay: Dataset) -> None:
    features = {one["@id"]: one for one in json.loads(whole(essay, "lpf"))["features"]}
    moscow = features[KSV + "place/moscow"]
    assert moscow["properties"] == {"title": "Moscow"}
    (point,) = moscow["geometry"]["geometries"]
    longitude, latitude = point["coordinates"]
    assert 37 < longitude < 38
    assert 55 < latitude < 56
    links = {(one["type"], one["identifier"]) for one in moscow["links"]}
    assert ("exactMatch", "http://www.wikidata.org/entity/Q649") in links
    prison = features[KSV + "place/newgate-prison"]
    assert prison["names"][0]["toponym"] == "Newgate Prison"
    assert {"label": "Paragraph 3.9", "@id": KSV + "passage/3.9"} in prison["names"][0]["citations"]
    (around,) = prison["relations"]
    assert around == {
        "relationType": "gvp:broaderPartitive",
        "relationTo": KSV + "place/london",
        "label": "London",
    }
    assert features[KSV + "place/veneto"]["geometry"] == {
        "type": "GeometryCollection",
        "geometries": [],
    }


def test_a_place_that_no_passage_attests_cites_its_data_set(foreign: Dataset) -> None:
    places = [*Catalogue(Records(foreign)).entries(kinds=(Kind.PLACE,))]
    bare = [replace(one, links={}) for one in places]
    about = foreign.description
    assert bare
    assert about

    def cited(release: Release) -> list[object]:
        written = b"".join(profile("lpf").write(bare, crosswalks.GEOJSON, release))
        return [one["names"][0].get("citations") for one in json.loads(written)["features"]]

    assert cited(Release.of(foreign)) == [[{"label": about.title, "@id": about.iri}]] * len(bare)
    assert cited(RELEASE) == [None] * len(bare)


def test_the_pages_of_a_part_have_a_start_and_an_end_in_mods(essay: Dataset) -> None:
    one = entry(essay, KSV + "edition/cleaver-socialism")
    for pages, said in {
        one.pages: [("start", "233"), ("end", "249")],
        "3, 7-9": [("list", "3, 7-9")],
    }.items():
        record = profile("mods").record(replace(one, pages=pages), crosswalks.MODS, RELEASE)
        (extent,) = etree.fromstring(record).iter("{*}extent")
        assert [(etree.QName(part).localname, part.text) for part in extent] == said


def test_an_article_stands_in_the_volume_of_its_journal(tmp_path: Path) -> None:
    import serving

    text = """
@prefix schema: <https://schema.org/> .
<http://example.org/a> a schema:Article ; schema:name "A" ; schema:isPartOf <http://example.org/v> ;
  schema:pagination "3-5" .
<http://example.org/v> a schema:PublicationVolume ; schema:name "Vol. 22" ;
  schema:volumeNumber "22" ; schema:isPartOf <http://example.org/j> .
<http://example.org/j> a schema:Periodical ; schema:name "The Journal" ; schema:issn "2049-3630" .
"""
    data = serving.bare(tmp_path, text)
    host = marc(data, "http://example.org/a")["773"]
    assert [host[code] for code in "7tgx"] == [
        *("nnas", "The Journal", "vol. 22, pages 3-5", "2049-3630")
    ]
    one = entry(data, "http://example.org/a")
    (made,) = etree.fromstring(profile("mods").record(one, crosswalks.MODS, RELEASE)).iter(
        "{*}relatedItem"
    )
    assert [made.findtext(f".//{{*}}{name}") for name in ("title", "number", "start")] == [
        *("The Journal", "22", "3")
    ]
    assert made.findtext("{*}identifier[@type='issn']") == "2049-3630"


@pytest.mark.parametrize("name", XML)
def test_a_label_that_xml_cannot_hold_or_that_looks_like_markup_is_written(
    tmp_path: Path, name: str
) -> None:
    import serving

    text = """
@prefix schema: <https://schema.org/> .
<http://example.org/book> a schema:Book ;
  schema:name "</title>\\u0001\\uFFFE & \\u001E <b>"@en ; schema:author <http://example.org/a> .
<http://example.org/a> a schema:Person ; schema:name "\\u001D\\u001F" .
"""
    data = serving.bare(tmp_path, text)
    top = etree.fromstring(whole(data, name))
    said = "".join(str(part) for part in top.itertext())
    assert "</title>\ufffd\ufffd & \ufffd <b>" in said


def test_a_kind_that_a_format_has_no_record_of_is_refused(essay: Dataset) -> None:
    with pytest.raises(errors.NotAcceptable, match="MODS has no record of a thing of the kind"):
        profile("mods").record(entry(essay, KSV + "concept/mutual-aid"), crosswalks.MODS, RELEASE)


def test_every_row_of_every_table_is_of_a_kind_that_the_format_has() -> None:
    for one in profiles():
        for row in one.rows:
            assert set(row.kinds) & set(one.kinds), (one.name, row.target)
            assert row.source
        assert set(one.kinds) == {kind for row in one.rows for kind in row.kinds}, one.name


def test_the_command_writes_lists_and_explains(run: Runner) -> None:
    listed = run("crosswalk").stdout
    assert all(one.name in listed for one in profiles())
    table = run("crosswalk", "marc21", "--table").stdout
    assert "245 $a $b" in table
    place = str(Path(__file__).parent / "foreign")
    done = run("crosswalk", "marc21", place, "--format", "marcxml", "--kind", "person")
    assert done.returncode == 0, done.stderr
    assert len(etree.fromstring(done.stdout.encode())) == 6
    for wrong in (["nonsense"], ["mods", place, "--kind", "person"], ["mods", "--format", "x"]):
        failed = run("crosswalk", *wrong)
        assert failed.returncode == 2
        assert failed.stdout == ""
        assert failed.stderr.count("\n") == 1
    missing = run("crosswalk", "mods", place, "--iri", "https://example.org/none")
    assert missing.returncode == 3


def test_a_moment_of_crm_is_made_of_a_whole_day_alone() -> None:
    born = Date("1842/1921", "1842-12-09", "1921")
    person = Entry("http://example.org/p", Kind.PERSON, Text("P"), born=born)
    said = {one.predicate.value: one.object for one in tables.apply(crm.rows(), person)}
    moment = turtle.Literal("1842-12-09T00:00:00Z", datatype=turtle.Named(f"{ns.XSD}dateTime"))
    assert said[f"{ns.CRM}P82a_begin_of_the_begin"] == moment
    assert f"{ns.CRM}P82b_end_of_the_end" not in said
