"""A query written anew from its tokens, for a store that parses with another parser.

Such a parser may take pragmas, functions and escapes for more than the standard does. So comments
are gone, escapes are the characters that they stand for, each text has one spelling. Functions by
name are those of XML Schema; graphs are known by their public names, and the store keeps them
under names of its own.

Follows SPARQL 1.1 Query sections 13 (datasets), 17.6 (functions by name) and 19 (grammar).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pyoxigraph as ox

from publish import errors
from publish import namespaces as ns
from publish.stores import clauses
from publish.stores.functions import NAMES
from publish.stores.jobs import Elsewhere, Job
from publish.tokens import ESCAPE, TOKEN, decoded

NOWHERE = "urn:folkmote:no-such-graph"
"""A graph that no store has."""

_ECHARS: Mapping[str, str] = MappingProxyType(
    {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
)
_IN_STRING = re.compile(rf"{ESCAPE}|\\(.)", re.DOTALL)
_FOREIGN = re.compile(
    r"(?:bif|sql|http://www\.openlinksw\.com/schemas/(?:bif|sql)#)", re.IGNORECASE
)
_FOREIGN_SCHEME = re.compile(r"\s*(?:bif|sql)\s*:", re.IGNORECASE)
# All but `a`, behind which no expression begins.
_WORD = re.compile(r"[A-Z][A-Z0-9_]+")
_SELECTING = frozenset({"SELECT", "DISTINCT", "REDUCED"})


@dataclass
class _Level:
    """What stands between two brackets; in `expression`, a name before a bracket is a function."""

    bracket: str
    expression: bool


class Rewriting:
    """One query on its way through its tokens; from `write` on it has a `dataset`."""

    def __init__(self, job: Job, there: Elsewhere, base: str, variables: Sequence[str]) -> None:
        self._job = job
        self._union = there.union
        self._variables = variables
        self._graphs = dict(there.graphs)
        self._renamed = any(public != actual for public, actual in there.graphs)
        self._clauses = clauses.read(job.text, base)
        self._prefixes: dict[str, str] = {}
        self._base = base
        self._levels = [_Level("", True)]
        # First the base, of which Virtuoso takes but one.
        self._out = [""]
        # The last token, in capitals where it is a bare word, and whether it ends an operand.
        self._before = ""
        self._operand = False
        # The last name, where nothing stands behind it yet.
        self._name = ""
        # The bare word whose name comes next, and the prefix that is being declared.
        self._awaiting = ""
        self._prefix = ""
        self._selecting = True
        # Where `GRAPH ?name` stands in what was written.
        self._word_graph = 0
        self._asked_graphs: list[tuple[int, str]] = []
        self._astray = False
        self._fresh = "graph"
        while self._fresh in job.text:
            self._fresh += "_"

    def write(self) -> str:
        """Give the query as it is sent."""
        text, place = self._job.text, 0
        while match := TOKEN.search(text, place):
            self._gap(text[place : match.start()])
            if self._is_less_than(match[0]):
                self._gap("< ")
                place = match.start() + 1
                continue
            self._token(match)
            place = match.end()
        self._gap(text[place:])
        self._out[0] = f"BASE <{self._base}> " if self._base else ""
        return self._mapped()

    def dataset(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the graphs that the query sees, by the names of the store (13.2)."""
        job = self._job
        if job.default_graphs is not None or job.named_graphs is not None:
            default, named = [*(job.default_graphs or ())], [*(job.named_graphs or ())]
        elif self._clauses:
            default, named = self._clauses.default, self._clauses.named
        else:
            # Virtuoso counts one row in a graph that is not among those it was told of.
            astray = (NOWHERE,) if self._astray else ()
            return self._union, (*self._graphs.values(), *astray)
        actual = [
            tuple(self._graphs[name] for name in dict.fromkeys(names) if name in self._graphs)
            for names in (default, named)
        ]
        # No graph at all would mean all of the store's.
        return actual[0] or (NOWHERE,), (*actual[1], NOWHERE)

    # --- tokens ------------------------------------------------------------------------------

    def _gap(self, between: str) -> None:
        sign = between.strip()
        if "\\" in sign:
            raise errors.QueryRefused(
                "the query has an escape outside of texts and names; write the character itself"
            )
        if sign:
            if self._selecting and self._before in _SELECTING:
                if sign.startswith("*") and self._variables:
                    names = " ".join(f"?{name}" for name in self._variables)
                    between = between.replace("*", f" {names} ", 1)
                self._selecting = False
            self._name = ""
            self._before = sign[-1]
            self._operand = False
        self._out.append(between)

    def _is_less_than(self, token: str) -> bool:
        """Say whether what looks like an IRI behind an operand is a comparison."""
        level = self._levels[-1]
        return token[0] == "<" and level.bracket == "(" and level.expression and self._operand

    def _token(self, match: re.Match[str]) -> None:
        found = match[0]
        if found[0] == "#":
            self._out.append(" ")
            return
        kind = match.lastgroup
        if kind == "open" and found != "<<":
            self._open(found)
        elif kind == "close" and found != ">>":
            self._close(found)
        elif found[0] in "\"'":
            self._operate(str(ox.Literal(_text(found))), found)
        elif found[0] == "<" and found != "<<":
            self._iri(decoded(found[1:-1]))
        elif kind == "local" or found[0] == ":":
            self._prefixed(decoded(found))
        elif kind == "run" and not found[0].isdecimal():
            self._word(decoded(found))
        elif found[0] in "?$":
            self._variable(decoded(found))
        else:
            self._operate(decoded(found), found)

    def _begin(self) -> None:
        """Remember that something else than `*` is selected."""
        if self._before in _SELECTING:
            self._selecting = False

    def _operate(self, written: str, before: str) -> None:
        self._begin()
        self._out.append(written)
        self._before, self._operand, self._name = before, True, ""
        self._awaiting = ""

    def _open(self, bracket: str) -> None:
        self._begin()
        above = self._levels[-1]
        if bracket == "(":
            calling = self._name and (above.expression or self._before == "FILTER NAME")
            if calling:
                self._refuse_function(self._name)
            expression = bool(calling or above.expression or _WORD.fullmatch(self._before))
        else:
            expression = False
        self._levels.append(_Level(bracket, expression))
        self._out.append(bracket)
        self._before, self._operand, self._name = bracket, False, ""
        self._awaiting = ""

    def _close(self, bracket: str) -> None:
        if len(self._levels) > 1:
            self._levels.pop()
        self._out.append(bracket)
        self._before, self._operand, self._name = bracket, True, ""

    def _word(self, token: str) -> None:
        # A full stop may stand between two words; only whole words are kept in mind.
        words = [word for word in token.upper().split(".") if word]
        last = words[-1] if words else ""
        if self._awaiting == "FROM" and last == "NAMED":
            self._awaiting = "FROM NAMED"
            self._before = last
            return
        self._awaiting = last if last in ("GRAPH", "FROM", "PREFIX", "BASE") else ""
        if last in ("SELECT", "GROUP", "ORDER", "HAVING"):
            self._levels[-1].expression = True
        if last == "GRAPH":
            self._word_graph = len(self._out)
        self._out.append("" if last in ("BASE", "FROM") else token)
        self._before, self._operand, self._name = last, last in ("TRUE", "FALSE"), ""

    def _variable(self, token: str) -> None:
        written = token
        if self._awaiting == "GRAPH" and self._renamed:
            self._asked_graphs.append((self._word_graph, token[1:]))
            written = f"?{self._fresh}{len(self._asked_graphs)}"
        self._operate(written, token)

    def _iri(self, iri: str) -> None:
        whole = clauses.resolved(iri, self._base)
        if any(rule.match(one) for rule in (_FOREIGN_SCHEME, _FOREIGN) for one in (iri, whole)):
            raise errors.QueryRefused(
                f"<{iri[:80]}> is known to one engine alone, and not to this service; "
                "write the query in the terms of SPARQL 1.1"
            )
        if self._awaiting == "PREFIX":
            self._prefixes[self._prefix] = whole
        elif self._awaiting == "BASE":
            self._base = whole
            self._named(whole, "")
            return
        elif self._awaiting in ("GRAPH", "FROM", "FROM NAMED"):
            self._graph(whole)
            return
        self._named(whole, f"<{whole}>")

    def _prefixed(self, token: str) -> None:
        prefix, _, local = token.partition(":")
        if self._awaiting == "PREFIX":
            # The IRI comes next.
            self._prefix = prefix
            self._out.append(token)
            return
        iri = self._prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)
        if self._awaiting in ("GRAPH", "FROM", "FROM NAMED"):
            self._graph(iri)
            return
        self._named(iri, token)

    def _named(self, iri: str, written: str) -> None:
        after_filter = self._before == "FILTER"
        self._operate(written, written)
        self._name = iri
        if after_filter:
            self._before = "FILTER NAME"

    def _graph(self, iri: str) -> None:
        """Take a graph that the query names, and write the name that the store has for it."""
        if self._awaiting == "GRAPH":
            actual = self._graphs.get(iri, NOWHERE)
            if actual not in self.dataset()[1]:
                actual = NOWHERE
                self._astray = True
                # A graph that is none has no solution, not even of `{}` or OPTIONAL (18.6), and
                # with it the group has none; stores look into it as into an empty one.
                self._out[self._word_graph] = "FILTER(false) GRAPH"
            self._operate(f"<{actual}>", "graph")
            return
        self._operate("", "graph")

    # --- small parts -------------------------------------------------------------------------

    def _refuse_function(self, iri: str) -> None:
        if iri in NAMES:
            raise errors.QueryRefused(
                f"<{iri}> is known where the data are in memory, and these are in a store elsewhere; "
                'write CONTAINS(LCASE(STR(?text)), "word"), or look for things at /search'
            )
        if not iri.startswith(ns.XSD):
            raise errors.QueryRefused(
                f"the function <{iri[:80]}> is not of SPARQL 1.1, and not known to every store; "
                "write the query without it"
            )

    def _mapped(self) -> str:
        """Give what was written, with each `GRAPH ?name` bound to public and actual names."""
        seen = {actual for actual in self.dataset()[1] if actual != NOWHERE}
        pairs = " ".join(f"(<{name}> <{it}>)" for name, it in self._graphs.items() if it in seen)
        for number, (place, name) in enumerate(self._asked_graphs, 1):
            self._out[place] = f"VALUES (?{name} ?{self._fresh}{number}) {{ {pairs} }} GRAPH"
        return "".join(self._out)


def _text(token: str) -> str:
    """Give the text that a token of a string stands for (19.7 and 19.2)."""
    quotes = 3 if token[:3] in ('"""', "'''") and len(token) >= 6 else 1
    inside = token[quotes:-quotes]

    def sign(match: re.Match[str]) -> str:
        if match[1] is None:
            return chr(int(match[0][2:], 16))
        return _ECHARS.get(match[1], match[1])

    return _IN_STRING.sub(sign, inside)
