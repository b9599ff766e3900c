"""The answers of Skosmos about concepts, each with the context that makes it JSON-LD."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from publish import errors, negotiation, serialization
from publish import namespaces as ns
from publish.thesaurus import RELATIONS, Concept, Found, Thesaurus
from publish.web import rendering
from publish.web.site import Site

JSON = negotiation.Format("json", "application/json", "json")
JSON_LD = negotiation.Format("jsonld", "application/ld+json", "jsonld")
HOME = "/rest/v1"
_ONKI = "http://schema.onki.fi/onki#"
HITS, MOST = 100, 1_000
"""How many concepts a search gives where nothing else is asked for, and at most."""
_FIELDS = ("prefLabel", "altLabel", "hiddenLabel", *RELATIONS, "notation", "exactMatch")
Context = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a search asks for."""

    query: str = ""
    lang: str = ""
    labellang: str = ""
    vocab: str = ""
    type: str = ""
    parent: str = ""
    fields: str = ""
    maxhits: int = HITS
    offset: int = 0
    unique: bool = False


class Rest:
    """The methods of one site; each gives JSON-LD, or raises what there is to be told."""

    def __init__(self, site: Site, thesaurus: Thesaurus) -> None:
        self._site = site
        self._thesaurus = thesaurus

    def language(self, asked: str) -> str:
        """Give the language that labels are wanted in."""
        return asked or (self._thesaurus.languages or ("en",))[0]

    def vocabularies(self, request: Request, lang: str) -> Any:
        """List the vocabularies."""
        listed = [
            {"uri": one.id, "id": one.id, "title": one.title.value}
            for one in self._thesaurus.vocabularies()
        ]
        context = {
            "rdfs": ns.RDFS,
            "onki": _ONKI,
            "title": {"@id": "rdfs:label", "@language": self.language(lang)},
            "vocabularies": "onki:hasVocabulary",
            "id": "onki:vocabularyIdentifier",
            "uri": "@id",
            "@base": self._base(request, "vocabularies"),
        }
        return {"@context": context, "uri": "", "vocabularies": listed}

    def about(self, request: Request, vocid: str, lang: str) -> Any:
        """Tell of one vocabulary."""
        one, language = self._thesaurus.vocabulary(vocid), self.language(lang)
        scheme = {"uri": one.iri, "type": "skos:ConceptScheme", "prefLabel": one.title.value}
        context = {
            **_context(language),
            "rdfs": ns.RDFS,
            "onki": _ONKI,
            "dct": ns.DCTERMS,
            "conceptschemes": "onki:hasConceptScheme",
            "id": "onki:vocabularyIdentifier",
            "defaultLanguage": "onki:defaultLanguage",
            "languages": "onki:language",
            "label": "rdfs:label",
            "prefLabel": "skos:prefLabel",
            "title": "dct:title",
            "@base": self._base(request, f"{one.id}/"),
        }
        return {
            "@context": context,
            "uri": "",
            "id": one.id,
            "title": one.title.value,
            "defaultLanguage": self.language(""),
            "languages": [*self._thesaurus.languages] or [self.language("")],
            "conceptschemes": [scheme] if one.iri else [],
        }

    def types(self, request: Request, vocid: str, lang: str) -> Any:
        """List the classes of concepts."""
        found = [
            {
                "uri": iri,
                "label": self._thesaurus.label(iri).value,
                **({"superclass": above[0]} if above else {}),
            }
            for iri, above in self._thesaurus.types(vocid).items()
        ]
        context = {
            **_context(self.language(lang)),
            "rdfs": ns.RDFS,
            "onki": _ONKI,
            "label": "rdfs:label",
            "superclass": {"@id": "rdfs:subClassOf", "@type": "@id"},
            "types": "onki:hasType",
            "@base": self._base(request, f"{vocid}/" if vocid else ""),
        }
        return {"@context": context, "uri": "", "types": found}

    def search(self, vocid: str, asked: Asked) -> Any:
        """Find concepts by their labels."""
        names = [vocid] if vocid else asked.vocab.split()
        unknown = sorted(set(asked.fields.split()) - set(_FIELDS))
        if unknown:
            raise errors.RequestError(
                f"`fields` has `{unknown[0][:80]}`; it can have {', '.join(_FIELDS)}"
            )
        if not asked.query.strip("* "):
            raise errors.RequestError("`query` is empty; give a label, with * for anything")
        found: list[dict[str, Any]] = []
        seen: set[str] = set()
        passed = 0
        for one in self._thesaurus.search(asked.query, names, asked.lang):
            if not self._is_wanted(one.concept, asked) or (
                asked.unique and one.concept.iri in seen
            ):
                continue
            seen.add(one.concept.iri)
            passed += 1
            if passed > asked.offset:
                found.append(self._result(one, asked))
            if len(found) == asked.maxhits:
                break
        language = asked.labellang or asked.lang
        context = {
            **_context(language),
            "isothes": "http://purl.org/iso25964/skos-thes#",
            "onki": _ONKI,
            "results": {"@id": "onki:results", "@container": "@list"},
            **{name: f"skos:{name}" for name in ("prefLabel", "altLabel", "hiddenLabel")},
            **{name: f"skos:{name}" for name in asked.fields.split()},
        }
        return {"@context": context, "uri": "", "results": found}

    def _is_wanted(self, one: Concept, asked: Asked) -> bool:
        if asked.type and asked.type not in {*one.types, *map(self._short, one.types)}:
            return False
        if not asked.parent:
            return True
        return asked.parent in self._thesaurus.above_all(one, "broader", HITS)

    def _result(self, found: Found, asked: Asked) -> dict[str, Any]:
        one, label = found.concept, found.label
        preferred = self._thesaurus.preferred(one, asked.labellang or asked.lang or label.language)
        said: dict[str, Any] = {
            "uri": one.iri,
            "type": [self._short(iri) for iri in one.types],
            "localname": one.iri.rpartition("/")[2].rpartition("#")[2],
            "prefLabel": preferred.value,
            "lang": preferred.language,
            "vocab": one.vocabulary.id,
        }
        name = label.predicate.removeprefix(ns.SKOS)
        if label.text != preferred.value:
            said["matchedPrefLabel" if name == "prefLabel" else name] = label.text
        for field in asked.fields.split():
            said[f"{field}s" if field == "prefLabel" else field] = self._field(one, field)
        return said

    def _field(self, one: Concept, field: str) -> Any:
        if field == "prefLabel":
            return {text.language: text.value for text in one.texts(field)}
        if field in RELATIONS:
            linked = self._thesaurus.linked(one, field)
            return [{"uri": iri, "prefLabel": self._thesaurus.label(iri).value} for iri in linked]
        return [*(text.value for text in one.texts(field)), *one.iris(field)]

    def lookup(self, vocid: str, label: str, lang: str) -> Any:
        """Find the concepts that are called so."""
        found = self._thesaurus.lookup(label, vocid, lang)
        if not found:
            raise errors.NotFound(f"no concept of `{vocid}` is called `{label[:200]}`")
        context = {
            **_context(lang),
            "onki": _ONKI,
            "results": {"@id": "onki:results"},
            **{name: f"skos:{name}" for name in ("prefLabel", "altLabel", "hiddenLabel")},
        }
        return {
            "@context": context,
            "result": [self._result(one, Asked(lang=lang)) for one in found],
        }

    def label(self, vocid: str, uri: str, lang: str) -> Any:
        """Give the labels of a concept in one language."""
        one, language = self._thesaurus.concept(uri, vocid), self.language(lang)
        said: dict[str, Any] = {"prefLabel": self._thesaurus.preferred(one, language).value}
        for name in ("altLabel", "hiddenLabel"):
            texts = [text.value for text in one.texts(name) if text.language in (language, "")]
            said |= {name: texts} if texts else {}
        names = ("prefLabel", "altLabel", "hiddenLabel")
        context = {**_context(language), **{name: f"skos:{name}" for name in names}}
        return {"@context": context, "uri": uri, **said}

    def linked(self, vocid: str, uri: str, lang: str, relation: str) -> Any:
        """Give the concepts next to one."""
        one = self._thesaurus.concept(uri, vocid)
        found = self._thesaurus.linked(one, relation)
        context = {
            **_context(self.language(lang)),
            "prefLabel": "skos:prefLabel",
            relation: f"skos:{relation}",
        }
        return {"@context": context, "uri": uri, relation: [self._named(iri) for iri in found]}

    def transitive(self, vocid: str, uri: str, lang: str, relation: str, limit: int) -> Any:
        """Give all concepts above or below one, and itself."""
        one = self._thesaurus.concept(uri, vocid)
        found = self._thesaurus.above_all(one, relation, limit)
        name = f"{relation}Transitive"
        context = {
            **_context(self.language(lang)),
            "prefLabel": "skos:prefLabel",
            relation: {"@id": f"skos:{relation}", "@type": "@id"},
            name: {"@id": f"skos:{name}", "@container": "@index"},
        }
        rows = {
            iri: {**self._named(iri), **({relation: [*next_]} if next_ else {})}
            for iri, next_ in found.items()
        }
        return {"@context": context, "uri": uri, name: rows}

    def tops(self, vocid: str, lang: str) -> Any:
        """Give the concepts that nothing stands above."""
        one, language = self._thesaurus.vocabulary(vocid), self.language(lang)
        found = [
            {
                "uri": top.iri,
                "label": self._thesaurus.preferred(top, language).value,
                "topConceptOf": one.iri,
                "hasChildren": bool(self._thesaurus.linked(top, "narrower")),
            }
            for top in self._thesaurus.tops(one)
        ]
        context = {
            **_context(language),
            "onki": _ONKI,
            "topconcepts": "skos:hasTopConcept",
            "notation": "skos:notation",
            "label": "skos:prefLabel",
        }
        return {"@context": context, "uri": one.iri, "topconcepts": found}

    def data(self, request: Request, vocid: str, uri: str, format_: str) -> Response:
        """Give what is said of a concept in RDF; without one, lead to the files of the whole."""
        site = self._site
        if not uri:
            self._thesaurus.vocabulary(vocid)
            return Response(status_code=302, headers={"Location": f"{site.prefix}/dump/"})
        one = self._thesaurus.concept(uri, vocid)
        offers = negotiation.RDF_FORMATS
        wanted = format_ or request.headers.get("accept")
        if wanted == JSON.media:
            wanted = JSON_LD.media
        form = negotiation.choose(wanted, offers)
        triples = site.records.triples(one.iri)
        body = serialization.write(triples, form, site.dataset.prefixes, [one.iri])
        return rendering.reply(site, body, form.content_type, headers={"Vary": "Accept"})

    def _named(self, iri: str) -> dict[str, str]:
        return {"uri": iri, "prefLabel": self._thesaurus.label(iri).value}

    def _short(self, iri: str) -> str:
        return ns.short(iri, {"skos": ns.SKOS, **self._site.dataset.prefixes})

    def _base(self, request: Request, rest: str) -> str:
        return f"{self._site.home(request)}{HOME}/{rest}"


def _context(language: str) -> Context:
    found: Context = {"skos": ns.SKOS, "uri": "@id", "type": "@type"}
    return {**found, "@language": language} if language else found
