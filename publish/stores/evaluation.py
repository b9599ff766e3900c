"""One store, and the evaluation of one query in this process, with limits of size.

A store is made from a data set: each graph under its IRI, and a default graph of its own, so
that a triple that two layers state is one triple there. It answers values: `1.50` comes back as
`1.5`. Where the spelling counts (DESCRIBE), it is put back from the source. Nothing here stops
a query that takes too long; that is the work of `local`.

Follows SPARQL 1.1 Query sections 13 and 16, and SPARQL 1.1 Protocol 2.1.4 for the dataset.
"""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from publish import errors, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.graphs import Graph
from publish.stores import clauses, explaining, labelling, writing
from publish.stores.functions import functions
from publish.stores.grammar import Grammar, Slip
from publish.stores.jobs import Answer, Job
from publish.stores.merging import Merging

Results: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Graphs: TypeAlias = list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]

_JSON = "application/sparql-results+json"
_THINGS = 10_000
"""Of how many things the text is made at once, so that it takes no memory to speak of."""


@dataclass(frozen=True)
class LocalStore:
    """A data set in memory, ready to be asked; `spelled` maps a value to how it was written."""

    store: ox.Store
    base: str
    prefixes: Mapping[str, str]
    spelled: Mapping[ox.Triple, tuple[ox.Triple, ...]]
    languages: tuple[str, ...] = ()
    grammar: Grammar = field(default_factory=Grammar)
    place: Path | None = None
    merging: Merging = field(default_factory=lambda: Merging({}, ()))

    def opened(self) -> LocalStore:
        """Open the store where it is on disk: in each process, for its threads survive no fork."""
        if self.place is None:
            return self
        return replace(self, store=ox.Store.read_only(str(self.place)))

    def load(self) -> None:
        """Read what some queries need from files, which a worker cannot open."""
        _ = self.grammar.source

    def prepare(self) -> None:
        """Make what some queries need, where nobody waits for it."""
        _ = self.grammar.parser
        self.merging.prepare(self.store)

    def wanted(self, job: Job) -> labelling.Labels | None:
        """Give the labels that a job wants, those in the languages it asks for first."""
        if job.labels is None:
            return None
        return labelling.Labels(self.store, self.languages, job.labels)


def open_store(dataset: Dataset, default_graph: str = "") -> LocalStore:
    """Load a data set; `default_graph` is `union` or `file`, empty leaves it to the data set."""
    store = ox.Store()
    whole = (default_graph or dataset.default_graph) == "union"
    apart = dataset.shapes_graph if dataset.description else None
    default = ox.DefaultGraph()
    union = []
    for iri, graph in dataset.graphs.items():
        name = ox.NamedNode(iri) if iri else default
        places = [name]
        if isinstance(name, ox.NamedNode):
            # A graph without triples is a graph all the same (SPARQL 1.1 Update 3.2).
            store.add_graph(name)
            if whole and iri != apart:
                # What several graphs say is one triple there all the same.
                places.append(default)
                union.append(iri)
        _load(store, graph, places)
    if dataset.graphs.get(""):
        # What the default graph of a file has of its own says nothing of the others.
        union = []
    languages = dataset.description.languages if dataset.description else ()
    sizes = {iri: len(graph) for iri, graph in dataset.graphs.items() if iri}
    prefixes, spelled = dict(dataset.prefixes), _spelled(dataset)
    return LocalStore(
        store, dataset.base, prefixes, spelled, languages, merging=Merging(sizes, union)
    )


def _load(store: ox.Store, graph: Graph, places: Sequence[ox.NamedNode | ox.DefaultGraph]) -> None:
    """Load the triples of a graph under each of some names."""
    if any(graph.with_blanks()):
        # A text that is read twice has other blank nodes each time.
        for place in places:
            store.extend(graph.quads(place))
        return
    blocks = graph.blocks()
    # As a text it is read without Python, and what was read before need not be judged.
    while text := "".join(islice(blocks, _THINGS)):
        for place in places:
            store.load(text, ox.RdfFormat.TURTLE, to_graph=place, lenient=True)


def open_disk(head: Dataset, place: Path) -> LocalStore:
    """Prepare to open a store on disk; `head` is what is known of the data set."""
    languages = head.description.languages if head.description else ()
    return LocalStore(
        ox.Store(), head.base, dict(head.prefixes), {}, languages=languages, place=place
    )


def evaluate(local: LocalStore, job: Job) -> Answer:
    """Answer a job from this process.

    Raises `QuerySyntaxError`, `QueryRefused`, `QueryTooLarge` or, where the form of the query
    has no such format, `NotAcceptable`.
    """
    try:
        if job.explain:
            return _explanation(local, job)
        results = asked(local, job)
        if isinstance(results, ox.QueryTriples):
            found: Iterable[ox.Triple] = results
            if job.exact:
                spelled = local.spelled
                found = (exact for triple in results for exact in spelled.get(triple, (triple,)))
            return writing.triples(found, job, local.prefixes, local.wanted(job))
        return writing.rows(results, job, local.wanted(job))
    except OSError as error:
        # The scan finds SERVICE; what it cannot see, a worker has no socket for.
        raise errors.QueryRefused(
            "the query asks another server, which is not done here; query that server itself"
        ) from error
    except RuntimeError as error:
        raise errors.QueryRefused(f"{sentence(str(error))}; write the query without it") from error


# --- asking ----------------------------------------------------------------------------------

# The parser looks ahead for its longest words and takes the end of the text for the error where
# that is nearer.
_ROOM = " " * 32


def asked(local: LocalStore, job: Job) -> Results:
    """Parse a job's query and begin its evaluation; raise `QuerySyntaxError` where it is none."""
    base = job.base or local.base
    default: Graphs | None = None
    named: list[ox.NamedNode | ox.BlankNode] | None = None
    seen = clauses.Clauses()
    if job.default_graphs is not None or job.named_graphs is not None:
        # SPARQL 1.1 Protocol 2.1.4: what the request says replaces what the query says.
        seen = clauses.Clauses([*(job.default_graphs or ())], [*(job.named_graphs or ())])
        default, named = [*map(_node, seen.default)], [*map(_node, seen.named)]
    elif job.elsewhere is None:
        seen = clauses.read(job.text, base)
    if not local.merging.needed(local.store, seen.default):
        return _begun(local, job, default, named)
    with local.merging.merged(local.store, seen.default) as graphs:
        return _begun(local, job, [*map(_node, graphs)], [*map(_node, seen.named)])


def _begun(
    local: LocalStore,
    job: Job,
    default: Graphs | None,
    named: list[ox.NamedNode | ox.BlankNode] | None,
) -> Results:
    try:
        return local.store.query(
            job.text + _ROOM,
            base_iri=job.base or local.base or None,
            default_graph=default,
            named_graphs=named,
            custom_functions=functions(job.text),
        )
    except SyntaxError as error:
        raise explained(str(error.msg), job.text, local.grammar) from error
    except UnicodeEncodeError as error:
        raise errors.QuerySyntaxError(
            "the query holds half of a surrogate pair; send it as UTF-8"
        ) from error


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise errors.QuerySyntaxError(
            f"the graph `{iri}` is not named by an absolute IRI; name it in full"
        ) from error


# --- giving an account ------------------------------------------------------------------------


def _explanation(local: LocalStore, job: Job) -> Answer:
    """Tell how a query is answered: how long it takes, and what each of its patterns matches."""
    begun = time.perf_counter()
    results = asked(local, job)
    ready = time.perf_counter()
    if isinstance(results, ox.QueryTriples):
        answer = writing.triples(results, job._replace(media="application/n-triples"), {})
    else:
        answer = writing.rows(results, job._replace(media=_JSON))
    done = time.perf_counter()
    said = {
        "seconds": {"prepare": round(ready - begun, 6), "answer": round(done - ready, 6)},
        "rows": answer.rows,
        "bytes": len(answer.body),
        "format": answer.media,
        "patterns": _counted_patterns(local, job),
        "plan": None,
    }
    return Answer(json.dumps(said, ensure_ascii=False).encode(), "application/json", answer.rows)


def _counted_patterns(local: LocalStore, job: Job) -> list[dict[str, object]]:
    tree = local.grammar.parser.parse(job.text)
    found: list[dict[str, object]] = []
    for pattern in explaining.patterns(job.text, tree):
        text = explaining.counting(job.text, tree, pattern)
        counted = asked(local, job._replace(text=text))
        count = next(iter(counted))["count"] if isinstance(counted, ox.QuerySolutions) else None
        found.append(
            {
                "pattern": pattern.text,
                "graph": pattern.graph,
                "solutions": int(getattr(count, "value", 0)),
            }
        )
    return found


# --- explaining ------------------------------------------------------------------------------

_ERROR = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_SENTENCE = re.compile(r"[A-Z][a-z]*(?: [\w'-]+){2,}")
_WORD = re.compile(r"[^\s{}()]{1,40}|\S")
_NAMED = 6
"""How many of the things that could stand somewhere a sentence names."""


def explained(message: str, text: str, grammar: Grammar | None = None) -> errors.QuerySyntaxError:
    """Say where a query goes wrong, by the grammar or else by what the engine says."""
    slip = (grammar or Grammar()).slip(text)
    if slip is not None:
        return _slipped(text, slip)
    match = _ERROR.match(message)
    if match is None:
        return errors.QuerySyntaxError(sentence(message))
    said = [item for item in match[3].split(", ") if _SENTENCE.fullmatch(item)]
    if not said:
        return errors.QuerySyntaxError(
            "each word stands where it can, and yet the query means nothing; see whether a "
            "variable gets a value twice, or a blank node is used in two groups"
        )
    start = _offset(text, int(match[1]), int(match[2]))
    return errors.QuerySyntaxError(sentence(said[0]), *_place(text, start))


def _slipped(text: str, slip: Slip) -> errors.QuerySyntaxError:
    named = ", ".join(slip.expected[:_NAMED])
    more = " or another sign" if len(slip.expected) > _NAMED else ""
    word = _word(text, slip.start)
    if not word:
        reason = f"the query ends too early; expected {named}{more}"
    elif word[0] in "\"'":
        reason = "the text that begins here is not closed"
    else:
        reason = f"`{word}` cannot stand here; expected {named}{more}"
    return errors.QuerySyntaxError(reason, *_place(text, slip.start), slip.expected)


def _place(text: str, start: int) -> tuple[int, int]:
    """Give line and column, from 1; the end of a text is behind its last word."""
    before = text[:start].rstrip() if start == len(text) else text[:start]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _offset(text: str, line: int, column: int) -> int:
    """Give the place of a line and a column from 1, at most the end of the text."""
    lines = text.split("\n")
    before = sum(len(one) + 1 for one in lines[: line - 1])
    return max(0, min(len(text), before + column - 1))


def _word(text: str, start: int) -> str:
    match = _WORD.match(text, start)
    return match[0] if match else ""


def sentence(message: str) -> str:
    """Word what the engine says as our own messages are worded."""
    return (message[:1].lower() + message[1:]).rstrip(".")


# --- how the source spells it -----------------------------------------------------------------


def _spelled(dataset: Dataset) -> dict[ox.Triple, tuple[ox.Triple, ...]]:
    """Give the triples of the source for each triple that the store spells in another way."""
    graphs = dataset.graphs.values()
    objects = {value for graph in graphs for value in graph.objects() if _may_change(value)}
    found: defaultdict[ox.Triple, set[ox.Triple]] = defaultdict(set)
    for value, kept in _kept(sorted(objects, key=str)).items():
        for triple in (quad.triple for graph in graphs for quad in graph.quads_for_object(value)):
            stored = ox.Triple(triple.subject, triple.predicate, kept)
            found[stored].add(triple)
            if any(stored in graph for graph in graphs):
                found[stored].add(stored)
    return {stored: tuple(sorted(exact, key=str)) for stored, exact in found.items()}


def _may_change(term: turtle.Term) -> bool:
    if isinstance(term, ox.Literal):
        return not term.language and term.datatype.value != ns.XSD + "string"
    return isinstance(term, ox.Triple)


def _kept(terms: list[turtle.Term]) -> dict[turtle.Term, turtle.Term]:
    """Give what a store makes of each term, where that is another one."""
    store = ox.Store()
    number, is_kept = "urn:folkmote:term:", ox.NamedNode("urn:folkmote:kept")
    store.extend(
        ox.Quad(ox.NamedNode(f"{number}{place}"), is_kept, term) for place, term in enumerate(terms)
    )
    pairs = (
        (terms[int(str(getattr(quad.subject, "value", "")).removeprefix(number))], quad.object)
        for quad in store
    )
    return {term: kept for term, kept in pairs if term != kept}
