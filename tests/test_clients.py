"""Programs that others use to ask a server, each asking a real server as it does by itself.

Comunica runs in Node; `make test` installs it into build/clients where there is npm. OpenRefine,
which matches and extends a table, Apache Jena and EasyRdf are used where the system has them
(Debian: openrefine; libapache-jena-java; php-cli and php-easyrdf).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import httpx
import pytest
import rdflib
import serving
from conftest import FOREIGN
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import EndPointNotFound, QueryBadFormed, URITooLong

TESTS = Path(__file__).parent
NODE_MODULES = TESTS.parent / "build/clients/node_modules"
PREFIXES = (
    "PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)
SELECT = PREFIXES + "SELECT ?name { ?who a foaf:Person ; skos:prefLabel ?name } ORDER BY ?name"
ASK = PREFIXES + "ASK { ?who a foaf:Person }"
CONSTRUCT = PREFIXES + "CONSTRUCT { ?who a foaf:Person } WHERE { ?who a foaf:Person }"
DESCRIBE = "DESCRIBE <https://example.org/strahlen/id/person/lenard>"
NAMES = ["Crookes", "Hertz", "Hittorf", "Lenard", "Ruhmkorff", "Wilhelm Conrad Röntgen"]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with serving.server(FOREIGN) as home:
        yield f"{home}/sparql"


def converted(asking: SPARQLWrapper) -> Any:
    """Give what SPARQLWrapper makes of an answer, whose type depends on the format."""
    return asking.query().convert()


# --- SPARQLWrapper ---------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("how", ["urlencoded", "postdirectly"])
@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_sparqlwrapper_gets_rows(endpoint: str, method: str, how: str, form: str) -> None:
    asking = SPARQLWrapper(endpoint)
    asking.setQuery(SELECT)
    asking.setMethod(method)
    asking.setRequestMethod(how)
    asking.setReturnFormat(form)
    found = converted(asking)
    if form == "json":
        names = [row["name"]["value"] for row in found["results"]["bindings"]]
    elif form == "xml":
        names = [one.firstChild.data for one in found.getElementsByTagName("literal")]
    else:
        lines = found.decode().splitlines()[1:]
        names = [line.partition("@")[0].strip('"') for line in lines]
    assert names == NAMES


@pytest.mark.parametrize("form", ["json", "xml"])
def test_sparqlwrapper_gets_booleans(endpoint: str, form: str) -> None:
    asking = SPARQLWrapper(endpoint, returnFormat=form)
    asking.setQuery(ASK)
    found = converted(asking)
    said = found["boolean"] if form == "json" else "true" in found.toxml()
    assert said is True


# SPARQLWrapper makes the kind of graph that rdflib has given up.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
@pytest.mark.parametrize("form", ["xml", "rdf+xml", "turtle", "n3", "json-ld"])
def test_sparqlwrapper_gets_graphs(endpoint: str, query: str, form: str) -> None:
    asking = SPARQLWrapper(endpoint, returnFormat=form)
    asking.setQuery(query)
    found = converted(asking)
    graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(data=found)
    assert (None, rdflib.RDF.type, rdflib.FOAF.Person) in graph


def test_sparqlwrapper_names_graphs(endpoint: str) -> None:
    asking = SPARQLWrapper(endpoint, returnFormat="json")
    asking.addDefaultGraph("https://example.org/strahlen/graph/nothing")
    asking.setQuery(ASK)
    assert converted(asking)["boolean"] is False


@pytest.mark.parametrize(
    ("path", "query", "raised"),
    [
        ("", "SELECT WHERE {", QueryBadFormed),
        ("/nowhere", ASK, EndPointNotFound),
        ("", f"{ASK}#{'x' * 62_000}", URITooLong),
    ],
)
def test_sparqlwrapper_knows_what_went_wrong(
    endpoint: str, path: str, query: str, raised: type[Exception]
) -> None:
    asking = SPARQLWrapper(endpoint + path, returnFormat="json")
    asking.setQuery(query)
    with pytest.raises(raised):
        asking.query()


def test_sparqlwrapper_is_refused_an_update(endpoint: str) -> None:
    asking = SPARQLWrapper(endpoint)
    asking.setMethod("POST")
    asking.setQuery("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    with pytest.raises(HTTPError) as raised:
        asking.query()
    with contextlib.closing(raised.value) as refused:
        assert refused.code == 403


# --- rdflib ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_the_store_of_rdflib_gets_rows(endpoint: str, method: str, form: str) -> None:
    store = SPARQLStore(endpoint, method=method, returnFormat=form)
    graph = rdflib.Graph(store)
    rows: Any = graph.query(SELECT)
    assert [str(row.name) for row in rows] == NAMES


def test_the_store_of_rdflib_is_a_graph(endpoint: str) -> None:
    graph = rdflib.Graph(SPARQLStore(endpoint))
    people = set(graph.subjects(rdflib.RDF.type, rdflib.FOAF.Person))
    assert len(people) == 6
    assert len(graph) > 100
    assert bool(graph.query(ASK)) is True
    assert len(graph.query(CONSTRUCT).graph or ()) == 6


def test_the_store_of_rdflib_binds_values_and_pages(endpoint: str) -> None:
    graph = rdflib.Graph(SPARQLStore(endpoint))
    names: list[str] = []
    for offset in (0, 4, 8):
        rows: Any = graph.query(f"{SELECT} LIMIT 4 OFFSET {offset}")
        names += [str(row.name) for row in rows]
    assert names == NAMES
    of_one = {"name": rdflib.Literal("Lenard", lang="de")}
    found: Any
    (found,) = graph.query(SELECT.replace("?name {", "?who {"), initBindings=of_one)
    assert str(found.who).endswith("/person/lenard")


# --- Jena, RDF4J, Comunica, R and others, by the headers that they send ----------------------

ROWS_JSON, ROWS_XML = "application/sparql-results+json", "application/sparql-results+xml"


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        (
            SELECT,
            f"{ROWS_JSON}, {ROWS_XML};q=0.9, text/tab-separated-values;q=0.7, text/csv;q=0.5, "
            "application/json;q=0.2, application/xml;q=0.2, */*;q=0.1",
            ROWS_JSON,
        ),
        (SELECT, f"application/sparql-results+thrift, {ROWS_JSON};q=0.9", ROWS_JSON),
        (
            CONSTRUCT,
            "application/trig,application/n-quads;q=0.9,text/x-nquads;q=0.8,*/*;q=0.5",
            "application/trig",
        ),
        (
            SELECT,
            "application/x-binary-rdf-results-table, application/x-sparqlstar-results+json;q=0.8, "
            f"{ROWS_JSON};q=0.8, {ROWS_XML};q=0.9, text/csv;q=0.8",
            ROWS_XML,
        ),
        (ASK, f"text/boolean, {ROWS_XML};q=0.8, {ROWS_JSON};q=0.8", ROWS_JSON),
        (
            CONSTRUCT,
            "application/x-binary-rdf, application/n-triples;q=0.7, application/rdf+xml;q=0.5, "
            "application/trig;q=0.5, text/turtle;q=0.5",
            "application/n-triples",
        ),
        (CONSTRUCT, "application/n-quads,application/trig;q=0.95", "application/n-quads"),
        (SELECT, "text/csv; header=present", "text/csv"),
        (SELECT, ROWS_XML, ROWS_XML),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_client_gets_what_its_headers_like_best(
    endpoint: str, query: str, accept: str, media: str, method: str
) -> None:
    given: dict[str, Any] = {"params" if method == "GET" else "data": {"query": query}}
    answer = httpx.request(method, endpoint, headers={"Accept": accept}, **given)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media


# --- YASGUI ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        (SELECT, "application/sparql-results+json,*/*;q=0.9", "application/sparql-results+json"),
        (ASK, "application/sparql-results+json,*/*;q=0.9", "application/sparql-results+json"),
        (CONSTRUCT, "application/n-triples,*/*;q=0.9", "application/n-triples"),
        (DESCRIBE, "text/turtle,*/*;q=0.9", "text/turtle"),
    ],
)
def test_yasgui_asks_from_another_site(endpoint: str, query: str, accept: str, media: str) -> None:
    origin = {"Origin": "https://yasgui.example"}
    asked = httpx.options(
        endpoint,
        headers=origin
        | {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "accept,content-type,x-requested-with",
        },
    )
    assert asked.status_code == 204
    allowed = asked.headers["access-control-allow-headers"].lower()
    assert {"accept", "content-type", "x-requested-with"} <= set(allowed.split(", "))
    answer = httpx.post(
        endpoint, data={"query": query}, headers=origin | {"Accept": accept}, timeout=60
    )
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["content-type"].partition(";")[0] == media
    again = serving.get(endpoint, params={"query": query}, headers=origin | {"Accept": accept})
    assert again.status_code == 200
    assert again.headers["content-type"] == answer.headers["content-type"]


# --- Comunica --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def comunica(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Put the script beside the packages that it imports."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed, so Comunica is not asked")
    if not NODE_MODULES.is_dir():
        pytest.skip("build/clients holds no packages (make test fetches them), so no Comunica")
    folder = tmp_path_factory.mktemp("comunica")
    (folder / "node_modules").symlink_to(NODE_MODULES)
    return Path(shutil.copy(TESTS / "clients/comunica.mjs", folder))


def ask_comunica(script: Path, endpoint: str, query: str) -> object:
    done = subprocess.run(
        ["node", script, endpoint],
        input=query,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        cwd=script.parent,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_comunica_gets_rows(comunica: Path, endpoint: str) -> None:
    rows = ask_comunica(comunica, endpoint, SELECT)
    assert rows == [{"name": name} for name in NAMES]


def test_comunica_gets_booleans_and_graphs(comunica: Path, endpoint: str) -> None:
    assert ask_comunica(comunica, endpoint, ASK) is True
    triples = ask_comunica(comunica, endpoint, CONSTRUCT)
    assert isinstance(triples, list)
    assert len(triples) == 6


# --- Apache Jena -----------------------------------------------------------------------------

JAVA = Path("/usr/share/java")
XERCES = "org/apache/jena/ext/xerces/"
"""Where the package of Debian has what its classes look for in `xerces`."""


@pytest.fixture(scope="module")
def jena(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Give the command that runs a class of Jena."""
    core = JAVA / "jena-core.jar"
    if not core.is_file() or shutil.which("java") is None:
        pytest.skip("Apache Jena is not installed (Debian: libapache-jena-java)")
    own = tmp_path_factory.mktemp("jena")
    with zipfile.ZipFile(core) as held:
        for name in held.namelist():
            if name.startswith(XERCES) and not name.endswith("/"):
                place = own / "xerces" / name.removeprefix(XERCES)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(held.read(name))
    needed = (
        *("jena-arq", "jena-base", "jena-cmds", "jena-core", "jena-iri", "jena-rdfconnection"),
        *("commons-cli", "commons-codec", "commons-compress", "commons-csv", "commons-io"),
        *("commons-lang3", "dexx.collection", "gson", "guava", "jackson-annotations"),
        *("jackson-core", "jackson-databind", "jakarta.json-api", "jsonld-java", "protobuf"),
        *("slf4j-api", "slf4j-nop", "thrift", "titanium-json-ld"),
    )
    path = os.pathsep.join([*(str(JAVA / f"{name}.jar") for name in needed), str(own)])
    return ["java", "-cp", path]


def told(jena: list[str], *arguments: str) -> str:
    """Run Jena, and give what it prints."""
    done = subprocess.run([*jena, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("method", [(), ("--post",)], ids=["get", "post"])
def test_jena_gets_rows(endpoint: str, jena: list[str], method: tuple[str, ...]) -> None:
    asked = ("arq.rsparql", *method, "--service", endpoint, "--results=csv", SELECT)

    assert told(jena, *asked).split("\n")[:-1] == ["name", *NAMES]


def test_jena_gets_a_yes(endpoint: str, jena: list[str]) -> None:
    assert told(jena, "arq.rsparql", "--service", endpoint, ASK).strip() == "Ask => Yes"


@pytest.mark.parametrize(
    ("query", "property_"),
    [(CONSTRUCT, rdflib.RDF.type), (DESCRIBE, rdflib.SKOS.prefLabel)],
    ids=["construct", "describe"],
)
def test_jena_gets_a_graph(
    endpoint: str, jena: list[str], query: str, property_: rdflib.URIRef
) -> None:
    asked = ("arq.rsparql", "--service", endpoint, "--results=ntriples", query)

    graph = rdflib.Graph().parse(data=told(jena, *asked), format="nt")

    person = rdflib.URIRef("https://example.org/strahlen/id/person/lenard")
    assert (person, property_, None) in graph


def test_jena_asks_within_a_query_of_its_own(endpoint: str, jena: list[str]) -> None:
    query = PREFIXES + (
        f"SELECT ?name {{ VALUES ?name {{ 'Hertz'@de 'Nobody'@de }} "
        f"SERVICE <{endpoint}> {{ ?who skos:prefLabel ?name }} }}"
    )

    assert told(jena, "arq.arq", "--results=csv", query).split() == ["name", "Hertz"]


def test_jena_reads_the_document_of_a_thing(endpoint: str, jena: list[str]) -> None:
    thing = endpoint.replace("/sparql", "/id/person/lenard")
    query = PREFIXES + "SELECT ?name { ?who skos:prefLabel ?name }"

    assert "Lenard" in told(jena, "arq.arq", "--data", thing, "--results=csv", query).split()


# --- EasyRdf ---------------------------------------------------------------------------------

EASYRDF = Path("/usr/share/php/EasyRdf/autoload.php")
# What a program in PHP asks, each told in a line.
ASKING = """
error_reporting(E_ERROR);
require $argv[1];
$client = new EasyRdf\\Sparql\\Client($argv[2]);
$names = [];
foreach ($client->query($argv[3]) as $row) $names[] = $row->name->getValue();
$long = $client->query($argv[3] . " #" . str_repeat("x", 3000));
echo json_encode([
  "names" => $names,
  "long" => count($long),
  "yes" => $client->query($argv[4])->isTrue(),
  "people" => $client->query($argv[5])->countTriples(),
  "graphs" => count($client->listNamedGraphs()),
  "label" => (string) EasyRdf\\Graph::newAndLoad($argv[6])->label($argv[7]),
]);
"""


def test_easyrdf_gets_rows_booleans_graphs_and_documents(endpoint: str) -> None:
    if not EASYRDF.is_file() or shutil.which("php") is None:
        pytest.skip("EasyRdf is not installed (Debian: php-cli and php-easyrdf)")
    thing = "https://example.org/strahlen/id/person/lenard"
    address = endpoint.replace("/sparql", "/id/person/lenard")
    asked = (str(EASYRDF), endpoint, SELECT, ASK, CONSTRUCT, address, thing)

    done = subprocess.run(
        ["php", "-r", ASKING, "--", *asked], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said.pop("graphs") > 3
    assert said == {
        "names": NAMES,
        "long": len(NAMES),
        "yes": True,
        "people": len(NAMES),
        "label": "Lenard",
    }


# --- OpenRefine ------------------------------------------------------------------------------


@contextlib.contextmanager
def openrefine(folder: Path) -> Iterator[httpx.Client]:
    """Run OpenRefine without a browser."""
    command = shutil.which("openrefine")
    if command is None:
        pytest.skip("openrefine is not installed (Debian: openrefine)")
    port = serving.free_port()
    options = ["-p", str(port), "-i", "127.0.0.1", "-d", str(folder), "-m", "512M"]
    started = subprocess.Popen(
        [command, *options, "-x", "refine.headless=true"],
        env={**os.environ, "HOME": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            until = time.monotonic() + 300
            while True:
                with contextlib.suppress(httpx.TransportError):
                    client.get("/")
                    break
                assert time.monotonic() < until, "OpenRefine does not answer"
                time.sleep(0.2)
            yield client
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


class Table:
    """A table in OpenRefine, worked on by the commands that its pages send."""

    def __init__(self, client: httpx.Client, csv: str) -> None:
        self._client = client
        self._project = ""
        form = {"project-name": "t", "format": "text/line-based/*sv"}
        file = {"project-file": ("t.csv", csv.encode(), "text/csv")}
        options = json.dumps({"encoding": "UTF-8", "separator": ",", "headerLines": 1})
        answer = client.post(
            "/command/core/create-project-from-upload",
            params=self._allowed(),
            files=file,
            data={**form, "options": options},
        )
        found = re.search(r"project=(\d+)", answer.headers["location"])
        assert found
        self._project = found[1]

    def _allowed(self) -> dict[str, str]:
        token = self._client.get("/command/core/get-csrf-token").json()["token"]
        return {"csrf_token": token, **({"project": self._project} if self._project else {})}

    def do(self, command: str, **how: object) -> None:
        """Carry out a command, and wait until it is done."""
        form = {n: one if isinstance(one, str) else json.dumps(one) for n, one in how.items()}
        form["engine"] = json.dumps({"facets": [], "mode": "row-based"})
        path = f"/command/core/{command}"
        said = self._client.post(path, params=self._allowed(), data=form).json()
        assert said["code"] != "error", said
        where = {"project": self._project}
        until = time.monotonic() + 120
        while self._client.get("/command/core/get-processes", params=where).json()["processes"]:
            assert time.monotonic() < until, command
            time.sleep(0.1)

    def rows(self) -> list[list[str]]:
        """Give the cells of the rows, below the names of the columns."""
        form = {"project": self._project, "format": "tsv"}
        text = self._client.post("/command/core/export-rows", data=form).text
        return [line.split("\t") for line in text.splitlines()]


def test_openrefine_matches_and_extends_a_table(endpoint: str, tmp_path: Path) -> None:
    service = endpoint.replace("/sparql", "/reconcile")
    manifest = serving.get(service).json()
    spaces = {name: manifest[name] for name in ("identifierSpace", "schemaSpace")}
    person = "http://xmlns.com/foaf/0.1/Person"
    csv = 'name,born\n"Röntgen, Wilhelm Conrad",1845-03-27\nLenard,\nNobody Atall,\n'
    with openrefine(tmp_path) as client:
        table = Table(client, csv)
        born = {"column": "born", "propertyID": "https://schema.org/birthDate"}
        config = {
            "mode": "standard-service",
            "service": service,
            **spaces,
            "type": {"id": person, "name": "person"},
            "autoMatch": True,
            "columnDetails": [{**born, "propertyName": "birth date"}],
            "limit": 0,
        }
        table.do("reconcile", columnName="name", config=config)
        table.do(
            "add-column",
            baseColumnName="name",
            expression="grel:cell.recon.match.id",
            newColumnName="id",
            columnInsertIndex="1",
            onError="set-to-blank",
        )
        died = {"id": "https://schema.org/deathDate", "name": "death date"}
        table.do(
            "extend-data",
            baseColumnName="name",
            endpoint=service,
            **spaces,
            extension={"properties": [died]},
            columnInsertIndex="3",
        )
        names, roentgen, lenard, nobody = table.rows()
    assert names == ["name", "id", "born", "death date"]
    space = "https://example.org/strahlen/id/person/"
    assert roentgen[1] == f"{space}roentgen"
    assert roentgen[3].startswith("1923-02-10")
    assert lenard[1] == f"{space}lenard"
    assert nobody[:2] == ["Nobody Atall", ""]
