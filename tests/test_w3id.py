"""The redirects of the base IRI, played: by a small reader of the rules, and by Apache itself."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serving

from publish import dataset

ROOT = Path(__file__).parent.parent
RULES = ROOT / "w3id" / "ksv" / ".htaccess"
HOST = "https://ksv.example.org"
APACHE = shutil.which("apache2", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CASES = {
    "": (302, "/"),
    "dataset": (302, "/dataset"),
    "dataset.ttl": (302, "/dataset.ttl"),
    "ontology": (302, "/ontology"),
    "graph/essay": (302, "/graph/essay"),
    "release/1.0.0/ksv.nt.gz": (302, "/release/1.0.0/ksv.nt.gz"),
    ".well-known/void": (302, "/.well-known/void"),
    "question/people": (302, "/question/people"),
    "id/person/kropotkin-peter": (303, "/id/person/kropotkin-peter"),
    "id/passage/2.6": (303, "/id/passage/2.6"),
    "id/concept/mutual-aid.jsonld": (303, "/id/concept/mutual-aid.jsonld"),
    "id/place/w%C3%BCrzburg": (303, "/id/place/w%C3%BCrzburg"),
    "identity": (302, "/identity"),
    "sparql": (307, "/sparql"),
    "sparql/": (307, "/sparql"),
    "sparql?query=ASK%20%7B%7D": (307, "/sparql?query=ASK%20%7B%7D"),
    "describe?iri=http://example.org/a%26b": (302, "/describe?iri=http://example.org/a%26b"),
}
Player = Callable[[str, str], "tuple[int, str, str]"]


def read_rules(text: str) -> list[tuple[str, str, set[str]]]:
    found = re.findall(r"^RewriteRule (\S+) (\S+) \[([^\]]+)\]$", text, re.MULTILINE)
    return [(pattern, target, set(flags.split(","))) for pattern, target, flags in found]


def played(path: str, method: str = "GET") -> tuple[int, str, str]:
    """Play the rules as mod_rewrite does in a folder: the first that fits, with the query."""
    text = RULES.read_text(encoding="utf-8")
    rest, mark, query = path.partition("?")
    for pattern, target, flags in read_rules(text):
        if match := re.search(pattern, rest):
            assert "L" in flags
            (status,) = (int(flag[2:]) for flag in flags if flag.startswith("R="))
            place = re.sub(r"\$(\d)", lambda found, m=match: m[int(found[1])], target)  # type: ignore[misc]
            return status, place + mark + query, "*"
    return 404, "", ""


@contextlib.contextmanager
def apache() -> Iterator[Player]:
    """Start Apache on the folder as w3id.org does, and give what asks it."""
    assert APACHE
    port = serving.free_port()
    # pytest's own folders are closed to the account that Apache takes.
    folder = Path(tempfile.mkdtemp(prefix="w3id-"))
    folder.chmod(0o755)
    shutil.copytree(RULES.parent, folder / "root" / "ksv")
    modules = ["mpm_event", "authz_core", "dir", "headers", "rewrite"]
    lines = [f"LoadModule {one}_module /usr/lib/apache2/modules/mod_{one}.so" for one in modules]
    lines += [
        *("User nobody", "Group nogroup"),
        f"ServerRoot {folder}",
        f"Listen 127.0.0.1:{port}",
        *("ServerName w3id.org", f"PidFile {folder}/pid", f"ErrorLog {folder}/errors"),
        f"DocumentRoot {folder}/root",
        f"<Directory {folder}/root>",
        *("AllowOverride All", "Require all granted", "Options FollowSymLinks"),
        "</Directory>",
    ]
    (folder / "conf").write_text("\n".join([*lines, ""]), encoding="utf-8")
    command = [APACHE, "-f", str(folder / "conf"), "-DFOREGROUND"]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def ask(path: str, method: str) -> tuple[int, str, str]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
            line.request(method, f"/ksv/{path}", headers={"Connection": "close"})
            answer = line.getresponse()
            answer.read()
            found = answer.headers
        allowed = found.get("Access-Control-Allow-Origin", "")
        return answer.status, found.get("Location", ""), allowed

    try:
        end = time.monotonic() + 120
        while True:
            with contextlib.suppress(OSError):
                ask("", "GET")
                break
            assert started.poll() is None, started.communicate()[0]
            assert time.monotonic() < end, "no answer from Apache"
            time.sleep(0.05)
        yield ask
    finally:
        started.terminate()
        started.communicate(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module", params=["by reading", "by Apache"])
def play(request: pytest.FixtureRequest) -> Iterator[Player]:
    if request.param == "by reading":
        yield played
        return
    if APACHE is None:
        pytest.skip("apache2 is not installed")
    with apache() as ask:
        yield ask


@pytest.mark.parametrize("path", CASES)
def test_each_address_leads_to_the_same_path_of_the_server(play: Player, path: str) -> None:
    status, rest = CASES[path]
    given, place, allowed = play(path, "GET")
    # The digits of an escape may be of either case (RFC 3986, 6.2.2.1).
    place = re.sub(r"%[0-9a-f]{2}", lambda escape: escape[0].upper(), place)
    assert (given, place, allowed) == (status, HOST + rest, "*")


def test_a_query_by_post_stays_a_post(play: Player) -> None:
    status, place, _ = play("sparql", "POST")
    assert (status, place) == (307, f"{HOST}/sparql")


def test_the_folder_is_that_of_the_base_of_the_data_set() -> None:
    about = dataset.load(ROOT).description
    assert about
    assert about.base == f"https://w3id.org/{RULES.parent.name}/"
    assert about.uri_space == f"{about.base}id/"
    named = re.findall(r"https://w3id\.org/\S+", (RULES.parent / "README.md").read_text())
    assert len(named) > 3
    assert all(one.strip("`").startswith(about.base) for one in named)


def test_the_rules_name_one_server_and_the_readme_names_the_editors() -> None:
    text = RULES.read_text(encoding="utf-8")
    assert {re.match(r"https://[^/]+", target)[0] for _, target, _ in read_rules(text)} == {HOST}  # type: ignore[index]
    readme = (RULES.parent / "README.md").read_text(encoding="utf-8")
    assert "The folkmote editors" in readme
    assert "@" not in readme
