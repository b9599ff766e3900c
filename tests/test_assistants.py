from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import engines
import httpx
import pytest
import serving
from conftest import FOREIGN, TESTS
from mcp import Client, StdioServerParameters

from publish import settings, stores
from publish.assistants import reading, server
from publish.cli import distant
from publish.dataset import Dataset
from publish.query import QueryService
from publish.records import Records
from publish.sources import Source

FOLKMOTE = Path(sys.executable).parent / "folkmote"


class Assistant:
    """Speaks with a server as an assistant does, by the client of the protocol's library."""

    def __init__(self, made: Any) -> None:
        self._made = made
        self._loop = asyncio.new_event_loop()

    def close(self, end: distant.End | None = None) -> None:
        if end:
            self._loop.run_until_complete(end())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def _with(self, work: Callable[[Client], Awaitable[Any]]) -> Any:
        async def speak() -> Any:
            async with Client(self._made) as client:
                return await work(client)

        return self._loop.run_until_complete(speak())

    def tools(self) -> dict[str, Any]:
        async def work(client: Client) -> Any:
            return (await client.list_tools()).tools

        return {tool.name: tool for tool in self._with(work)}

    def call(self, name: str, /, **arguments: object) -> Any:
        """Give what a tool answers."""

        async def work(client: Client) -> Any:
            return await client.call_tool(name, arguments)

        answer = self._with(work)
        assert not answer.is_error, answer.content
        # Who reads only text is told the same.
        texts = [json.loads(part.text) for part in answer.content]
        said = answer.structured_content
        assert texts == (said["result"] if isinstance(said.get("result"), list) else [said])
        return said

    def refused(self, name: str, /, **arguments: object) -> str:
        """Give the words of an error."""

        async def work(client: Client) -> Any:
            return await client.call_tool(name, arguments)

        answer = self._with(work)
        assert answer.is_error
        return str(answer.content[0].text)

    def read(self, uri: str) -> str:
        async def work(client: Client) -> Any:
            return (await client.read_resource(uri)).contents[0]

        return str(self._with(work).text)

    def prompt(self, name: str, /, **arguments: str) -> str:
        async def work(client: Client) -> Any:
            return (await client.get_prompt(name, arguments)).messages[0].content

        return str(self._with(work).text)


@contextlib.contextmanager
def assistant(
    source: Source | Dataset,
    pool: stores.Pool,
    end: distant.End | None = None,
    given: Mapping[str, object] = MappingProxyType({}),
) -> Iterator[Assistant]:
    chosen = settings.read({}, given)
    reader = reading.Reader(Records(source), QueryService(pool, chosen))
    asking = Assistant(server.create(reader, chosen))
    try:
        yield asking
    finally:
        asking.close(end)


@contextlib.contextmanager
def speaking(made: Any) -> Iterator[Assistant]:
    asking = Assistant(made)
    try:
        yield asking
    finally:
        asking.close()


@contextlib.contextmanager
def from_afar(address: str) -> Iterator[Assistant]:
    chosen = settings.read({}, {"store": address})
    workers = stores.open_pool(distant.nothing(), chosen)
    try:
        workers.wait()
        with (
            distant.asking(workers, chosen) as (source, pool, end),
            assistant(source, pool, end) as asking,
        ):
            yield asking
    finally:
        workers.close()


@pytest.fixture(scope="module")
def on_essay(essay: Dataset) -> Iterator[Assistant]:
    with assistant(essay, serving.InProcess(essay)) as asking:
        yield asking


@pytest.fixture(scope="module")
def on_foreign(foreign: Dataset) -> Iterator[Assistant]:
    with assistant(foreign, serving.InProcess(foreign)) as asking:
        yield asking


def test_what_is_written_as_no_integer_stays_a_text(on_foreign: Assistant) -> None:
    asked = 'SELECT ?x { VALUES ?x { "many"^^xsd:integer } }'
    text = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> {asked}"
    assert on_foreign.call("query", sparql=text)["rows"] == [{"x": "many"}]


def test_the_tools_only_read_and_say_what_they_take_and_give(on_essay: Assistant) -> None:
    tools = on_essay.tools()
    assert {*tools} == {"search", "describe", "list_questions", "ask_question", "query"}
    for tool in tools.values():
        assert tool.annotations.read_only_hint
        assert len(tool.description.split()) > 10
        assert tool.output_schema["properties"]


def test_things_are_found_with_slips_and_misprints(on_essay: Assistant) -> None:
    found = on_essay.call("search", words="mutuel aid", count=2)
    assert found["instead"] == {"mutuel": ["mutual"]}
    assert [one["label"] for one in found["hits"]] == ["mutual aid", "Mutual Aid"]
    assert found["total"] > 2
    assert found["hits"][0]["classes"][0]["label"] == "concept"


def test_a_thing_comes_with_its_layers_and_the_passages_that_carry_it(on_essay: Assistant) -> None:
    thing = on_essay.call("describe", iri="con:mutual-aid", pointing=3)
    assert thing["label"] == "mutual aid"
    layers = {one["property"]["iri"].rpartition("#")[2]: one["layer"] for one in thing["facts"]}
    assert layers["prefLabel"]["iri"].endswith("/graph/essay")
    assert layers["definition"]["iri"].endswith("/graph/interpretation")
    assert layers["definition"]["label"] == "How the editors read it"
    assert len(thing["pointing"]) == 3 < thing["pointing_total"]
    assert not thing["complete"]
    passages = {one["label"]: one for one in thing["passages"]}
    where = passages["Paragraph 2.6"]
    assert where["details"]["number"] == "2.6"
    assert where["details"]["first printed page"] == "9"
    assert "mutual aid in 2.6" in [one["label"] for one in where["through"]]


def test_what_is_not_there_is_told(on_essay: Assistant) -> None:
    assert "look for it in the lists" in on_essay.refused("describe", iri="con:nobody")
    assert "search for it first" in on_essay.refused("describe", iri="mutual aid")
    assert "at most 200" in on_essay.refused("search", words="x" * 201)
    assert on_essay.call("search", words="")["hits"] == []


def test_saved_questions_are_listed_and_asked_with_other_values(on_essay: Assistant) -> None:
    listed = on_essay.call("list_questions", words="sources note order")["result"]
    assert [one["name"] for one in listed] == ["sources-of-note-1"]
    (parameter,) = listed[0]["parameters"]
    assert (parameter["name"], parameter["takes"]) == ("note", "doco:Footnote")
    assert len(on_essay.call("list_questions")["result"]) > 50
    default = on_essay.call("ask_question", name="sources-of-note-1")
    other = on_essay.call("ask_question", name="sources-of-note-1", values={"note": "psg:fn19"})
    assert default["rows"] != other["rows"]
    assert len(other["rows"]) == 5


def test_an_answer_names_the_passages_of_its_rows(on_essay: Assistant) -> None:
    answer = on_essay.call(
        "ask_question", name="where-kropotkin-is-named", values={"thing": "con:mutual-aid"}, rows=2
    )
    assert answer["rows"][0] == {"passage": "2.2", "occurrences": 2}
    assert not answer["complete"]
    assert [one["label"] for one in answer["passages"]] == ["Paragraph 2.2", "Paragraph 2.5"]


def test_a_value_that_cannot_be_is_refused(on_essay: Assistant) -> None:
    name = "where-kropotkin-is-named"
    assert "`thing`" in on_essay.refused("ask_question", name=name, values={"thing": "no such"})
    assert "takes thing" in on_essay.refused("ask_question", name=name, values={"who": "x"})
    assert "list them first" in on_essay.refused("ask_question", name="none")


def test_sparql_gives_rows_yes_or_no_and_triples(on_essay: Assistant) -> None:
    rows = on_essay.call(
        "query", sparql="SELECT ?c ?m { ?m oa:hasBody ?c ; a ksv:Mention } ORDER BY ?m", rows=1
    )
    assert rows["columns"] == ["c", "m"]
    cell = rows["rows"][0]["m"]
    assert cell["layer"] == "What the essay says"
    assert cell["label"]
    assert rows["passages"], "the mention stands in a passage"
    assert on_essay.call("query", sparql="ASK { person:marx a foaf:Person }")["boolean"] is True
    assert "skos:prefLabel" in on_essay.call("query", sparql="DESCRIBE con:mutual-aid")["turtle"]


def test_only_what_a_passage_is_counts_as_one(on_essay: Assistant) -> None:
    rows = on_essay.call("query", sparql="SELECT ?g { GRAPH ?g { person:marx a ?class } }")
    assert rows["rows"]
    assert rows["passages"] == []


@pytest.mark.parametrize(
    ("sparql", "said"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE"),
        ("INSERT DATA { <x:a> <x:b> <x:c> }", "only reads"),
        ("SELECT * { ?s ?p }", "line 1"),
        ("SELECT * { ?s ?p nobody:x }", "prefix `nobody:`"),
        ("(" * 200, "nested"),
        ("#" * 200_000, "characters"),
    ],
)
def test_what_the_service_refuses_is_refused_here(
    on_essay: Assistant, sparql: str, said: str
) -> None:
    assert said in on_essay.refused("query", sparql=sparql)


def test_a_runaway_ends(foreign: Dataset) -> None:
    given = {"query_seconds": "0.5", "query_workers": "1"}
    pool = stores.open_pool(foreign, settings.read({}, given))
    crossed = " . ".join(f"?a{number} ?b{number} ?c{number}" for number in range(5))
    try:
        pool.wait()
        with assistant(foreign, pool, given=given) as asking:
            said = asking.refused(
                "query", sparql=f"SELECT (COUNT(*) AS ?n) {{ {crossed} FILTER(?a0 < ?c4) }}"
            )
    finally:
        pool.close()
    assert "longer than 0.5 seconds" in said


def test_the_data_model_tells_layers_terms_and_limits(
    on_essay: Assistant, on_foreign: Assistant, essay: Dataset, foreign: Dataset
) -> None:
    for told, data in (
        (on_essay.read("dataset://model"), essay),
        (on_foreign.read("dataset://model"), foreign),
    ):
        about = data.description
        assert about
        assert told.startswith(f"# {about.title}\n")
        for graph, triples in data.graphs.items():
            assert (f"- <{graph}> " in told) == bool(len(triples))
        for prefix, space in data.prefixes.items():
            assert f"- {prefix}: <{space}>" in told
        assert "10 seconds" in told
    model = on_essay.read("dataset://model")
    assert "- ksv:inPassage (owl:Thing -> ksv:Passage): " in model
    assert "- ksv:Mention: " in model


def test_ontology_and_questions_can_be_read_whole(on_essay: Assistant) -> None:
    assert "\nksv:inPassage\n" in on_essay.read("dataset://ontology")
    assert len(json.loads(on_essay.read("dataset://questions"))) > 50


def test_the_prompts_ask_for_evidence(on_essay: Assistant) -> None:
    assert "number and pages" in on_essay.prompt("answer", question="Who?")
    assert "`Marx`" in on_essay.prompt("portrait", name="Marx")


def test_another_data_set_is_read_too(on_foreign: Assistant, foreign: Dataset) -> None:
    about = foreign.description
    assert about
    hit = on_foreign.call("search", words="Hertz")["hits"][0]
    thing = on_foreign.call("describe", iri=hit["iri"])
    assert thing["label"] == hit["label"]
    assert thing["facts"][0]["layer"]["label"]


def test_nothing_that_nobody_expected_is_told(
    essay: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret of this machine")

    monkeypatch.setattr(reading.Reader, "questions", fail)
    with assistant(essay, serving.InProcess(essay)) as asked:
        assert asked.refused("list_questions") == "Error executing tool list_questions"


# --- the command -----------------------------------------------------------------------------


def command(*arguments: object, **environ: str) -> StdioServerParameters:
    return StdioServerParameters(
        command=str(FOLKMOTE), args=["mcp", *map(str, arguments)], env=environ, cwd=TESTS
    )


def test_the_command_answers_over_stdin_and_stdout() -> None:
    with speaking(command(FOREIGN)) as asked:
        assert asked.call("query", sparql="ASK { ?s ?p ?o }")["boolean"] is True


def test_a_server_of_ours_is_read_from_afar(on_foreign: Assistant) -> None:
    with serving.server(FOREIGN) as address, from_afar(address) as asking:
        assert_alike(asking, on_foreign)


def test_a_store_with_a_release_is_read_from_afar(foreign: Dataset, on_foreign: Assistant) -> None:
    with engines.oxigraph() as engine:
        engine.push(foreign)
        with from_afar(engine.asked) as asking:
            assert_alike(asking, on_foreign)


def assert_alike(far: Assistant, near: Assistant) -> None:
    """Compare what an assistant hears from afar with what it hears of data in memory."""
    hits = [assistant.call("search", words="Hertz")["hits"] for assistant in (far, near)]
    assert hits[0][0]["iri"] == hits[1][0]["iri"]
    iri = hits[0][0]["iri"]
    things = [assistant.call("describe", iri=iri) for assistant in (far, near)]
    assert sorted(things[0]["facts"], key=str) == sorted(things[1]["facts"], key=str)
    assert things[0]["passages"] == things[1]["passages"]
    lists = [assistant.call("list_questions") for assistant in (far, near)]
    assert lists[0] == lists[1]
    models = [assistant.read("dataset://model").split("## Asking")[0] for assistant in (far, near)]
    assert models[0] == models[1]
    query = "SELECT ?s ?label { ?s rdfs:label ?label } ORDER BY ?label ?s LIMIT 3"
    answers = [assistant.call("query", sparql=query)["rows"] for assistant in (far, near)]
    assert answers[0] == answers[1]


@pytest.fixture(scope="module")
def by_http() -> Iterator[str]:
    port = serving.free_port()
    started = subprocess.Popen(
        [FOLKMOTE, "mcp", FOREIGN, "--http", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert started.stdout
        address = f"http://127.0.0.1:{port}/mcp"
        assert address in started.stdout.readline()
        until = time.monotonic() + 120
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            assert time.monotonic() < until, "nobody listens"
            time.sleep(0.05)
        yield address
    finally:
        started.terminate()
        started.communicate(timeout=60)


def test_it_answers_by_http_on_this_machine_alone(by_http: str) -> None:
    with speaking(by_http) as asked:
        assert asked.call("query", sparql="ASK { ?s ?p ?o }")["boolean"] is True


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_no_page_elsewhere_speaks_to_it(by_http: str, headers: dict[str, str]) -> None:
    """A name that is turned to this machine, or a script of another origin, is not heard."""
    hello = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    taken = {"Accept": "application/json, text/event-stream"}
    answer = httpx.post(by_http, json=hello, headers={**taken, **headers}, timeout=60)
    assert answer.status_code in (403, 421)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "`nowhere` does not exist"),
        (["http://127.0.0.1:9"], "does not answer"),
        ([".", "--config", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_line(run, arguments: list[str], said: str) -> None:
    done = run("mcp", *arguments)
    assert done.returncode in (2, 3)
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_the_library_a_line_says_how_to_have_it(tmp_path: Path) -> None:
    text = "import sys; sys.modules['mcp'] = None; from publish.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", text, "mcp"],
        cwd=tmp_path,
        env={**os.environ},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "folkmote: `folkmote mcp` needs the package mcp; "
        "install it with `pip install 'folkmote[mcp]'`"
    ]
