"""Saved questions, each a `sh:SPARQLExecutable` with what a reader may change in it.

A parameter has the name of the variable that it sets (SHACL 1.1 Advanced Features 5.2). A value
comes as text and becomes the RDF term that it is, or an error that names the parameter; only
terms ever get into a query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from publish import dataset as datasets
from publish import errors, querytext, search, turtle
from publish import namespaces as ns
from publish.parameters import Parameter, literal, misfits, parameters, wrong
from publish.records import Question, Records, Text

CHOICES = 800
"""Up to how many things a parameter offers as a list."""
_THINGS = 50_000
"""Beyond how many things none is looked for by what it is called, and none are listed."""
_LONGEST = 2_000
"""How many characters a value may have."""
_BETWEEN = Path(__file__).parent / "between.ttl"


@dataclass(frozen=True)
class Saved:
    """A saved question under the name that it has in addresses.

    `template` is its wording with `{?name}` in the place of each parameter.
    """

    name: str
    question: Question
    parameters: tuple[Parameter, ...] = ()
    template: Text | None = None
    keywords: tuple[Text, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its answer, as far as the query names them."""
        return querytext.columns(self.question.query) if self.question.form == "SELECT" else ()

    def defaults(self) -> dict[str, str]:
        """Give the values that parameters have by themselves."""
        return {one.name: one.default for one in self.parameters if one.default is not None}

    def asking(self, terms: Mapping[str, turtle.Term]) -> str:
        """Give the query for some values; its prefixes are not declared in it."""
        return querytext.given(
            self.question.query, {name: str(term) for name, term in terms.items()}
        )


class Book:
    """The saved questions of a data set, and those in a folder of whoever runs the server.

    One more is asked of any data set: what two of its things have to do with each other
    (`between`); `said` gives its English texts in the language of the reader. Raises
    `FolderError` where a file of the folder has a question whose name is taken.
    """

    def __init__(
        self, records: Records, folder: Path | None = None, said: Callable[[str], str] = str
    ) -> None:
        self._records = records
        self._saved: dict[str, Saved] = {}
        self._of: dict[str, Records] = {}
        self._choices: dict[Parameter, tuple[str, ...]] = {}
        # Of a distant source, what is asked here is held in memory.
        held = Records(records.dataset) if records.source.distant else records
        for one in _read(held, records.dataset.prefixes):
            self._add(one, held, self._free(one.name))
        for path in sorted(folder.rglob("*.ttl")) if folder else ():
            own = Records(datasets.load_file(path))
            prefixes = {**own.dataset.prefixes, **records.dataset.prefixes}
            for one in _read(own, prefixes):
                if one.name in self._saved:
                    raise errors.FolderError(
                        f"{path}: there is a question `{one.name}` already; "
                        "let its IRI end in another name"
                    )
                self._add(one, own, one.name)
        self.between = self._between(said)

    def _between(self, said: Callable[[str], str]) -> Saved | None:
        """Add the question of two things, and begin with two of which much is said.

        None of data that name no things to begin with.
        """
        begin = self._beginnings()
        own = Records(datasets.load_file(_BETWEEN))
        one = next(_read(own, own.dataset.prefixes))
        if len(begin) < len(one.parameters) or one.name in self._saved:
            return None
        made = _worded(one, said, begin)
        self._add(made, own, one.name)
        return made

    def _beginnings(self) -> list[str]:
        """Give the examples of the data set, those first of which most is said; passages carry."""
        about, held = self._records.dataset.description, self._records.dataset
        carrying = {getattr(one.subject, "value", "") for _, one in held.incoming(ns.IN_PASSAGE)}

        def said(iri: str) -> int:
            return sum(one.predicate.value not in carrying for _, one in held.incoming(iri))

        return sorted(about.examples if about else (), key=lambda iri: -said(iri))

    def _free(self, name: str) -> str:
        number = 2
        while name in self._saved or not name:
            name = f"{re.sub(r'-[0-9]+$', '', name) or 'question'}-{number}"
            number += 1
        return name

    def _add(self, one: Saved, records: Records, name: str) -> None:
        self._saved[name] = replace(one, name=name)
        self._of[name] = records

    def all(self) -> Sequence[Saved]:
        """Give the questions by their wording."""
        return self._all

    def get(self, name: str) -> Saved | None:
        """Give the question of a name."""
        return self._saved.get(name)

    def by_iri(self, iri: str) -> Saved | None:
        """Give the question of an IRI."""
        return next((one for one in self._saved.values() if one.question.iri == iri), None)

    def said(self, one: Saved) -> set[turtle.Triple]:
        """Give what is said of a question and of its parameters."""
        return self._of[one.name].triples(one.question.iri)

    @cached_property
    def _all(self) -> tuple[Saved, ...]:
        def order(one: Saved) -> tuple[list[tuple[int, int, str]], str]:
            return ns.alphabetic_order(one.question.label.value), one.name

        return tuple(sorted(self._saved.values(), key=order))

    # --- values ----------------------------------------------------------------------------

    def terms(self, one: Saved, given: Mapping[str, str]) -> dict[str, turtle.Term]:
        """Give the term of each parameter, from what was given and the defaults.

        Raises `ParameterError` for one that has neither, and for a value that cannot be.
        """
        found = {}
        for parameter in one.parameters:
            text = given.get(parameter.name, parameter.default)
            if text is None:
                raise errors.ParameterError(
                    f"the question needs a value for `{parameter.name}`; "
                    f"add `{parameter.name}=` and a value to the address",
                    parameter.name,
                )
            found[parameter.name] = self.term(parameter, text)
        return found

    def term(self, parameter: Parameter, text: str) -> turtle.Term:
        """Give the term that a text stands for; raise `ParameterValueError`."""
        text = text.strip()
        if len(text) > _LONGEST:
            raise wrong(parameter, text, f"is longer than {_LONGEST} characters; shorten it")
        if parameter.datatype:
            return literal(parameter, text)
        return turtle.Named(self._thing(parameter, text))

    def takes(self, parameter: Parameter, iri: str) -> bool:
        """Say whether a thing can be the value of a parameter."""
        try:
            self._thing(parameter, iri)
        except errors.ParameterValueError:
            return False
        return True

    def choices(self, parameter: Parameter) -> Sequence[str]:
        """Give the values that a parameter may have, by label; none where they are too many."""
        if parameter.among:
            return parameter.among
        if parameter.datatype or not self._can_be_listed:
            return ()
        found = self._choices.get(parameter)
        if found is None:
            things = [*self._fitting(parameter)]
            found = self._choices[parameter] = tuple(things) if len(things) <= CHOICES else ()
        return found

    @cached_property
    def _can_be_listed(self) -> bool:
        """Whether the things are few enough to look at each, and at hand."""
        if self._records.source.distant:
            return False
        return sum(len(kind.members) for kind in self._records.kinds()) <= _THINGS

    def _fitting(self, parameter: Parameter) -> Iterator[str]:
        # Asked of each thing, its types would be looked up for every one of them.
        members = {*self._members(parameter.class_)} if parameter.class_ else set()
        for iri in self._records.subjects():
            if parameter.pattern and not re.search(parameter.pattern, iri):
                continue
            if not parameter.class_ or iri in members:
                yield iri

    def _is_a(self, iri: str, class_: str) -> bool:
        """Say whether a thing is of a class or of one below it."""
        wanted = self._below(class_)
        return any(
            triple.predicate.value == ns.TYPE and getattr(triple.object, "value", "") in wanted
            for _, triple in self._records.dataset.outgoing(iri)
        )

    def _members(self, class_: str) -> Iterator[str]:
        """Give all things that are of a class or of one below it."""
        for one in self._below(class_):
            for _, triple in self._records.dataset.incoming(one):
                if triple.predicate.value == ns.TYPE and isinstance(triple.subject, turtle.Named):
                    yield triple.subject.value

    def _below(self, class_: str) -> frozenset[str]:
        return self._records.dataset.below([class_], ns.RDFS + "subClassOf")[class_]

    def _thing(self, parameter: Parameter, text: str) -> str:
        iri = self._iri(parameter, text)
        for name, why in misfits(parameter, iri):
            raise wrong(parameter, text, f"{why}; give another IRI" if name == "pattern" else why)
        known = not parameter.class_ or self._records.source.distant
        if not known and not self._is_a(iri, parameter.class_):
            kind = self._records.label(parameter.class_).value
            raise wrong(parameter, text, f"is no {kind} of these data; give the IRI of one")
        return iri

    def _iri(self, parameter: Parameter, text: str) -> str:
        """Read an IRI, a name with a prefix, or what exactly one thing is called."""
        bare = text[1:-1] if text[:1] == "<" and text[-1:] == ">" else text
        full = ns.full(bare, self._records.dataset.prefixes)
        if turtle.is_iri(full):
            return full
        named = self._called(parameter, text)
        if len(named) == 1:
            return named[0]
        if named:
            raise wrong(
                parameter, text, f"is what several are called; say {' or '.join(named[:5])}"
            )
        raise wrong(
            parameter,
            text,
            "is the name of nothing in the data; give another name, or an IRI",
        )

    def _called(self, parameter: Parameter, text: str) -> list[str]:
        """Give what has a text for its label; where nothing has, for any other of its names.

        Where case tells a concept from the book of that title, it counts.
        """
        if not text or not self._can_be_listed:
            return []
        fitting = [*self._fitting(parameter)]
        labels = [(iri, self._records.label(iri).value) for iri in fitting]
        wanted = text.casefold()
        if exact := [iri for iri, label in labels if label == text]:
            return exact
        if like := [iri for iri, label in labels if label.casefold() == wanted]:
            return like
        names = self._records.source.names(self._naming)
        named = {one.iri for one in names if one.text.casefold() == wanted}
        return [iri for iri in fitting if iri in named]

    @cached_property
    def _naming(self) -> tuple[str, ...]:
        """The properties whose values are names."""
        return search.properties(self._records.dataset)


def texts() -> Iterator[str]:
    """Give the texts of the question that is asked of any data set."""
    records = Records(datasets.load_file(_BETWEEN))
    for one in _read(records, {}):
        worded = (one.question.label, one.question.comment, one.template, *one.keywords)
        for parameter in one.parameters:
            worded += (parameter.label, parameter.description)
        yield from (text.value for text in worded if text is not None)


def _worded(one: Saved, said: Callable[[str], str], begin: Sequence[str]) -> Saved:
    """Give a question in other words, with other things to begin with."""

    def put(text: Text) -> Text:
        return Text(said(text.value))

    parameters = tuple(
        replace(
            each,
            label=put(each.label),
            description=put(each.description) if each.description else None,
            default=iri,
        )
        for each, iri in zip(one.parameters, begin, strict=False)
    )
    asked = querytext.given(
        one.question.query, {each.name: f"<{each.default}>" for each in parameters}
    )
    question = replace(
        one.question,
        label=put(one.question.label),
        comment=put(one.question.comment) if one.question.comment else None,
        query=asked,
    )
    return replace(
        one,
        question=question,
        parameters=parameters,
        template=put(one.template) if one.template else None,
        keywords=tuple(map(put, one.keywords)),
    )


def _read(records: Records, prefixes: Mapping[str, str]) -> Iterator[Saved]:
    """Give the questions of some records, by their IRIs."""
    for question in sorted(records.questions(), key=lambda one: one.iri):
        record = records.record(question.iri)
        template = record.first(ns.SH + "labelTemplate")
        yield Saved(
            name=re.split(r"[#/:]", question.iri.rstrip("#/"))[-1],
            question=question,
            parameters=tuple(parameters(records, record)),
            template=template if isinstance(template, Text) else None,
            keywords=tuple(
                one.value
                for one in record.statements
                if one.predicate == ns.SCHEMA + "keywords" and isinstance(one.value, Text)
            ),
            prefixes=prefixes,
        )
