"""The Model Context Protocol over a data set: tools, resources and prompts.

Follows the protocol of modelcontextprotocol.io by its own library for Python. What goes wrong
because of what was asked is told to the assistant in the words of the error; nothing else is.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Annotated, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from publish import errors, negotiation, turtle
from publish.assistants import model
from publish.assistants.asking import MOST
from publish.assistants.reading import Reader
from publish.assistants.values import Answer, Hits, Question, Thing
from publish.settings import Settings
from publish.version import __version__

P = ParamSpec("P")
R = TypeVar("R")

_INSTRUCTIONS = """{title}. These data are to be asked and not guessed.

Begin with `search` or `list_questions`; `describe` gives all that is said of one thing, and
`query` takes SPARQL, for which the resource {model} explains layers, prefixes and terms.
Every statement stands in a layer: say in your answer which one, since the text itself, a reading
of it and outside sources are not the same authority. Name the passages that an answer gives, by
number and pages, and give the IRIs of things, so that a person can look them up. What the data
do not say is not known here; say so.
"""
_MODEL = "dataset://model"
_ONTOLOGY = "dataset://ontology"
_QUESTIONS = "dataset://questions"

Words = Annotated[str, Field(max_length=200, description="Words that its name has")]
Iri = Annotated[
    str, Field(max_length=2_000, description="Its IRI, or a name with a prefix such as ex:thing")
]
Rows = Annotated[int, Field(ge=1, le=MOST, description="How many rows are given at most")]
Name = Annotated[str, Field(max_length=2_000, description="Its name or IRI, as listed")]
Values = Annotated[
    dict[str, str],
    Field(description="By parameter: an IRI, a prefixed name, a label, or the text of a value"),
]


def create(reader: Reader, settings: Settings) -> MCPServer:
    """Make the server that answers assistants from a data set."""
    about = reader.records.dataset.description
    title = about.title if about else reader.records.dataset.root.name
    server = MCPServer(
        name="folkmote",
        title=title,
        description=about.description if about else None,
        version=__version__,
        instructions=_INSTRUCTIONS.format(title=title, model=_MODEL),
        website_url=about.base if about else None,
        log_level="WARNING",
    )
    _add_looking(server, reader)
    _add_asking(server, reader)
    _add_context(server, reader, settings)
    return server


def run(
    server: MCPServer, end: Callable[[], Awaitable[None]], listen: tuple[str, int] | None = None
) -> None:
    """Speak over stdin and stdout until they end, or by HTTP at a host and port; then `end`."""

    async def speak() -> None:
        try:
            if listen is None:
                await server.run_stdio_async()
            else:
                await server.run_streamable_http_async(host=listen[0], port=listen[1])
        finally:
            await end()

    asyncio.run(speak())


def _add_looking(server: MCPServer, reader: Reader) -> None:
    reads = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

    @server.tool(title="Find things by name", annotations=reads)
    @_told
    async def search(
        words: Words,
        count: Annotated[int, Field(ge=1, le=100)] = 10,
        start: Annotated[int, Field(ge=0, le=10_000)] = 0,
    ) -> Hits:
        """Find people, works, concepts, events and all else by what they are called.

        Case, accents and slips are forgiven, and printed misspellings found. Gives IRIs, labels
        and classes, the best first; describe a hit to learn more.
        """
        return await reader.search(words, count, start)

    @server.tool(title="Describe a thing", annotations=reads)
    @_told
    async def describe(iri: Iri, pointing: Annotated[int, Field(ge=0, le=MOST)] = 50) -> Thing:
        """Give all that is said of a thing, each statement with its layer, and what points at it.

        `passages` are the places of the text that carry it, with number and pages: its evidence.
        """
        return await reader.describe(iri, pointing)


def _add_asking(server: MCPServer, reader: Reader) -> None:
    reads = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

    @server.tool(title="List the saved questions", annotations=reads)
    @_told
    async def list_questions(words: Words = "") -> list[Question]:
        """List the questions that the editors saved, with what may be changed in each.

        With words, only those that have all of them. Their queries are tested against the text.
        """
        return reader.questions(words)

    @server.tool(title="Ask a saved question", annotations=reads)
    @_told
    async def ask_question(name: Name, values: Values | None = None, rows: Rows = 100) -> Answer:
        """Answer a saved question, with its defaults or with other values for its parameters.

        `passages` are the places of the text that the rows name or that carry their things.
        """
        return await reader.ask(name, values or {}, rows)

    @server.tool(title="Ask in SPARQL", annotations=reads)
    @_told
    async def query(
        sparql: Annotated[str, Field(description="One SELECT, ASK, CONSTRUCT or DESCRIBE")],
        rows: Rows = 100,
    ) -> Answer:
        """Answer one SPARQL 1.1 query that only reads; the prefixes of the data set are known.

        Things come with their labels and the layer that says what they are; `GRAPH ?layer { }`
        tells from which layer a statement comes. A query that runs too long is stopped.
        """
        return await reader.query(sparql, rows)


def _add_context(server: MCPServer, reader: Reader, settings: Settings) -> None:
    @server.resource(_MODEL, title="The data model", mime_type="text/markdown")
    def data_model() -> str:
        """Layers, prefixes, kinds of things and terms: what a query needs to know."""
        return model.told(reader.records, settings)

    @server.resource(_ONTOLOGY, title="The ontology", mime_type=negotiation.RDF_FORMATS[0].media)
    def ontology() -> str:
        """Give every term with its definition, domain and range, in Turtle."""
        data = reader.records.dataset
        graph = data.triples(data.ontology_graph) if data.ontology_graph in data.graphs else ()
        return turtle.write(graph, data.prefixes)

    @server.resource(_QUESTIONS, title="The saved questions", mime_type="application/json")
    def questions() -> list[Question]:
        """Give the questions that the editors saved, with their parameters."""
        return reader.questions()

    @server.prompt(title="Answer from the data")
    def answer(question: str) -> str:
        """Answer a question from the data alone, with passages as evidence."""
        return (
            f"Answer this question from the data set alone: {question}\n\n"
            "Search for the things that it names and see whether a saved question fits; describe "
            f"things, or read {_MODEL} and write a query. Give each claim with its layer and with "
            "the passages that carry it (number and pages), and the IRIs of the things. Where the "
            "data do not say it, answer that they do not."
        )

    @server.prompt(title="Tell about a thing")
    def portrait(name: str) -> str:
        """Tell what the data say of one thing, layer by layer."""
        return (
            f"Find `{name}` by the tool search, describe the best hit, and tell what is said of "
            "it layer by layer, each statement with its evidence. Do not add what you know from "
            "elsewhere."
        )


def _told(tool: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Tell an assistant in words what is wrong with what it asked."""

    @functools.wraps(tool)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await tool(*args, **kwargs)
        except errors.FolkmoteError as error:
            raise ToolError(str(error)) from error

    return run
