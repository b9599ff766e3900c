"""What several test modules share: the data sets, sites of them, and a way to run the command."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import hypothesis
import pytest

from publish import dataset, inference

if TYPE_CHECKING:
    from engines import Engine
    from serving import Client

TESTS = Path(__file__).parent
FOREIGN = TESTS / "foreign"
BROKEN = TESTS / "broken"

RIVER = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix vann: <http://purl.org/vocab/vann/> .
@prefix void: <http://rdfs.org/ns/void#> .
<https://example.org/river/dataset> a dcat:Dataset ; dcterms:title "River"@en ;
  dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
  dcterms:creator "The surveyors" ; vann:preferredNamespacePrefix "river" ;
  vann:preferredNamespaceUri "https://example.org/river/" ;
  void:uriSpace "https://example.org/river/id/" .
"""
"""The description of a small data set, to which a test adds what it is about."""

PROGRESS = re.compile(r"^folkmote: [^\n]* (?:\.\.\.|seconds left)\n", re.MULTILINE)
"""What is said of a work that takes longer than a second."""

# The same examples each time: a test fails for who changed something, and for nobody else.
# That they take long to make up on a busy machine is no failure.
hypothesis.settings.register_profile(
    "same",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("same")

Runner: TypeAlias = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_configure() -> None:
    """Let what tests start hear Ctrl-C: a shell starts work in the background deaf to it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clear what the reader's environment sets, but for what the tests themselves read."""
    for name in os.environ:
        if name.startswith("FOLKMOTE_") and name not in ("FOLKMOTE_TEXT", "FOLKMOTE_SUITES"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the releases that servers build apart from those that an earlier run left."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def essay() -> dataset.Dataset:
    return inference.infer(dataset.load(dataset.shipped()))


@pytest.fixture(scope="session")
def foreign() -> dataset.Dataset:
    return inference.infer(dataset.load(FOREIGN))


@pytest.fixture(scope="session", params=["essay", "foreign"])
def either(request: pytest.FixtureRequest) -> dataset.Dataset:
    """Each data set in turn: the code knows neither of them in particular."""
    found: dataset.Dataset = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def web(foreign: dataset.Dataset) -> Iterator[Client]:
    """A site of the data set that is not the essay; some modules need another."""
    import serving

    with serving.client(foreign) as client:
        yield client


@pytest.fixture(scope="session")
def essay_web(essay: dataset.Dataset) -> Iterator[Client]:
    """A site of the essay: one for all that only read it, since it takes seconds to make."""
    import serving

    with serving.client(essay) as client:
        yield client


@pytest.fixture(scope="session")
def each(either: dataset.Dataset, essay: dataset.Dataset, essay_web: Client) -> Iterator[Client]:
    """A site of each data set in turn."""
    import serving

    if either is essay:
        yield essay_web
    else:
        with serving.client(either) as client:
            yield client


@pytest.fixture(scope="session", params=["oxigraph", "virtuoso"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A store elsewhere: an empty one of each kind, started once."""
    import engines

    if request.param == "oxigraph":
        with engines.oxigraph() as started:
            yield started
    elif engines.VIRTUOSO is None:
        pytest.skip("virtuoso-t is not installed (Debian: virtuoso-opensource-7-bin)")
    else:
        with engines.virtuoso(tmp_path_factory.mktemp("virtuoso")) as started:
            yield started


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small sound data set, to be broken."""
    return copy_of("sound", tmp_path / "folder")


def copy_of(case: str, place: Path) -> Path:
    """Make the folder of a case: the sound one, overlaid by its files, without some."""
    shutil.copytree(BROKEN / "sound", place)
    shutil.copytree(BROKEN / case, place, dirs_exist_ok=True)
    left_out = place / "without.txt"
    if left_out.exists():
        for name in left_out.read_text(encoding="utf-8").split():
            (place / name).unlink()
    return place


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    """Run the command in an empty folder, as a terminal does, and give what it said."""

    def run_command(
        *arguments: object, stdin: str = "", cwd: Path | None = None, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        here = cwd or tmp_path / "here"
        here.mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "publish", *map(str, arguments)],
            cwd=here,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), **environ},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )
        # A busy machine makes any work one that is spoken of after a second.
        done.stderr = PROGRESS.sub("", done.stderr)
        return done

    return run_command
