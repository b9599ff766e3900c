"""How the data are made, in words: what an assistant reads before it asks.

Everything is computed from the data set: layers, prefixes, kinds of things, terms with what they
mean, and the limits of a query. The form is Markdown, which assistants read as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from publish import namespaces as ns
from publish import terms, turtle
from publish.records import Records
from publish.settings import Settings

_CLASSES = frozenset({ns.OWL + "Class", ns.RDFS + "Class"})
_PROPERTIES = frozenset(
    {ns.OWL + "ObjectProperty", ns.OWL + "DatatypeProperty", ns.RDF + "Property"}
)


def told(records: Records, settings: Settings) -> str:
    """Tell what the data set is, how it is laid out, and how it can be asked."""
    parts = (
        _head(records),
        _layers(records),
        _kinds(records),
        _prefixes(records),
        _terms(records, "Classes", _CLASSES),
        _terms(records, "Properties", _PROPERTIES),
        _limits(settings),
    )
    return "\n".join(line for part in parts for line in part)


def _head(records: Records) -> Iterator[str]:
    about = records.dataset.description
    yield f"# {about.title if about else records.dataset.root.name}\n"
    if about is not None:
        yield f"{about.description}\n"
        yield f"Data set <{about.iri}>, version {about.version}, licence <{about.licence}>."
        yield f"Names of things begin with <{about.uri_space}>.\n"


def _layers(records: Records) -> Iterator[str]:
    sizes = records.source.sizes
    graphs = sorted(filter(None, sizes), key=records.rank)
    if not graphs:
        return
    yield "## Layers (named graphs)\n"
    yield "Each statement stands in the graph of the layer that makes it; `GRAPH <...> { }` asks one"
    yield "of them. Say which layer a statement comes from: the text itself, a reading of it, outside"
    yield "sources or links are not the same authority.\n"
    for graph in graphs:
        comment = _said(records, graph, (ns.DCTERMS + "description", ns.RDFS + "comment"))
        told = f": {comment}" if comment else ""
        yield f"- <{graph}> {records.graph_name(graph).value}, {sizes[graph]} statements{told}"
    yield ""


def _kinds(records: Records) -> Iterator[str]:
    kinds = records.kinds()
    if kinds:
        yield "## Kinds of things\n"
    for kind in kinds:
        example = next(iter(kind.members), "")
        yield f"- {kind.label.value} ({kind.name}): {len(kind.members)}, such as <{example}>"
    if kinds:
        yield ""


def _prefixes(records: Records) -> Iterator[str]:
    yield "## Prefixes (known to every query)\n"
    for name, space in sorted(records.dataset.prefixes.items()):
        yield f"- {name}: <{space}>"
    yield ""


def _terms(records: Records, title: str, kinds: frozenset[str]) -> Iterator[str]:
    documents = [one for one in terms.documents(records) if not terms.holds_rules(records, one)]
    found = [
        iri
        for document in documents
        for iri in records.terms(document)
        if kinds & {_value(one.object) for one in _saying(records, iri, (ns.TYPE,))}
    ]
    if found:
        yield f"## {title}\n"
    for iri in found:
        yield f"- {_short(records, iri)}{_meaning(records, iri)}"
    if found:
        yield ""


def _meaning(records: Records, iri: str) -> str:
    """Say what a term means, and from what to what a property leads."""
    comment = _said(records, iri, (ns.RDFS + "comment", ns.SKOS + "definition"))
    ends = [
        _short(records, _value(one.object))
        for property_ in ("domain", "range")
        for one in _saying(records, iri, (ns.RDFS + property_,))
    ]
    leads = f" ({' -> '.join(ends)})" if ends else ""
    return f"{leads}: {comment or records.label(iri).value}"


def _limits(settings: Settings) -> Iterator[str]:
    yield "## Asking\n"
    yield "SPARQL 1.1, reading only: SELECT, ASK, CONSTRUCT, DESCRIBE; no SERVICE, no updates."
    yield "Without GRAPH or FROM a query sees all layers together, but not the rules."
    yield (
        f"A query may run {settings.query_seconds:g} seconds, have {settings.query_length} "
        f"characters and be nested {settings.query_depth} deep."
    )


def _saying(records: Records, iri: str, predicates: tuple[str, ...]) -> Iterator[turtle.Triple]:
    for _, triple in records.dataset.outgoing(iri):
        if triple.predicate.value in predicates:
            yield triple


def _said(records: Records, iri: str, predicates: tuple[str, ...]) -> str:
    return next(
        (" ".join(_value(one.object).split()) for one in _saying(records, iri, predicates)), ""
    )


def _short(records: Records, iri: str) -> str:
    return ns.short(iri, records.dataset.prefixes)


def _value(term: turtle.Term) -> str:
    return getattr(term, "value", "")
