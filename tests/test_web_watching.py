"""What whoever runs the server can watch: figures, and one line in the log a query."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import serving
from conftest import FOREIGN
from prometheus_client.parser import text_string_to_metric_families
from serving import Client

from publish.dataset import Dataset

ASK = "ASK { ?a ?b ?c }"
SELECT = "SELECT ?a WHERE { ?a ?b ?c } LIMIT 7"
LOGGER = "publish.web.watching"


@pytest.fixture
def web(foreign: Dataset) -> Iterator[Client]:
    with serving.client(foreign) as client:
        yield client


def ask(client: Client, query: str, accept: str = "*/*", **more: str) -> httpx.Response:
    answer: httpx.Response = client.get(f"/sparql?{urlencode({'query': query, **more})}", accept)
    return answer


def figures(text: str) -> dict[tuple[str, str], float]:
    """Read figures by name and by the value of their one label."""
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if "le" not in sample.labels
    }


def lines(caplog: pytest.LogCaptureFixture) -> list[dict]:
    return [json.loads(record.getMessage()) for record in caplog.records if record.name == LOGGER]


def test_queries_are_counted_by_what_became_of_them(web: Client) -> None:
    for query in (ASK, ASK, SELECT, "SELECT * WHERE {", "DROP ALL"):
        ask(web, query)
    ask(web, ASK, "text/csv")
    found = figures(web.get("/metrics").text)
    expected = {
        "answered": 2,
        "query-syntax": 1,
        "query-refused": 1,
        "not-acceptable": 1,
    }
    for outcome, count in expected.items():
        assert found["folkmote_queries_total", outcome] == count
        assert found["folkmote_query_seconds_count", outcome] == count
    assert found["folkmote_query_seconds_sum", "answered"] > 0
    assert found["folkmote_queries_running", ""] == 0
    assert found["folkmote_pool", "workers_idle"] == 1
    assert found["folkmote_queries_kept_total", ""] == 1
    assert found["folkmote_responses_total", "200"] == 2
    assert found["folkmote_responses_total", "400"] == 1
    assert found["folkmote_answers_kept_total", ""] == 1
    assert found["folkmote_cache_bytes", ""] > 0
    assert found["folkmote_query_answer_bytes_total", ""] > 0


def test_what_the_server_sends_again_by_itself_is_counted() -> None:
    with serving.server(FOREIGN) as home, httpx.Client(timeout=60) as client:
        for _ in range(5):
            assert client.get(f"{home}/sparql", params={"query": ASK}).status_code == 200
        found = figures(client.get(f"{home}/metrics").text)
    assert found["folkmote_start_seconds", ""] > 0
    if Path("/proc/self/stat").exists():
        for process in ("server", "workers"):
            assert found["folkmote_memory_bytes", process] > 1 << 20
    assert found["folkmote_queries_total", "answered"] == 1
    assert found["folkmote_queries_kept_total", ""] == 4


def test_two_applications_count_apart(web: Client, foreign: Dataset) -> None:
    ask(web, ASK)
    with serving.client(foreign) as other:
        assert ("folkmote_queries_total", "answered") not in figures(other.get("/metrics").text)


def test_the_figures_are_never_kept_and_never_those_of_the_process(web: Client) -> None:
    first, second = web.get("/metrics"), web.get("/metrics")
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["content-type"].startswith("text/plain")
    assert first.text != second.text
    assert "python_info" not in first.text
    other = web.get("/metrics", "application/openmetrics-text; version=1.0.0")
    assert other.text.endswith("# EOF\n")


def test_each_query_has_one_line(web: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, LOGGER)
    answer = ask(web, SELECT, "text/csv")
    ask(web, SELECT, "text/csv")
    ask(web, "SELECT * WHERE {")
    web.get("/sparql")
    good, bad = lines(caplog)
    assert good["outcome"] == "answered"
    assert (good["form"], good["media"]) == ("SELECT", "text/csv")
    assert (good["rows"], good["bytes"]) == (7, len(answer.content))
    assert 0 < good["seconds"] < 60
    assert re.fullmatch(r"[0-9a-f]{16}", good["query"])
    assert bad["outcome"] == "query-syntax"
    assert bad["query"] != good["query"]


def test_the_log_holds_no_secret_of_a_client(web: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, LOGGER)
    secret = "s3cret"  # noqa: S105 (of nobody)
    query = f"SELECT * {{ ?a ?b '{secret}' }}"
    path = f"/sparql?{urlencode({'query': query, 'token': secret})}"
    web.get(path, authorization=f"Bearer {secret}", cookie=f"session={secret}")
    assert len(lines(caplog)) == 1
    assert secret not in caplog.text
    caplog.set_level(logging.DEBUG, LOGGER)
    web.get(path + "&x", authorization=f"Bearer {secret}x", cookie=f"session={secret}x")
    assert lines(caplog)[-1]["text"] == query
    assert f"{secret}x" not in caplog.text


def test_a_level_silences_the_lines(web: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, LOGGER)
    ask(web, ASK)
    ask(web, ASK)
    assert not lines(caplog)


def test_the_server_logs_to_stderr_at_the_level_that_is_set(tmp_path, run) -> None:
    for level, count in (("info", 1), ("warning", 0)):
        with serving.server(FOREIGN, {"FOLKMOTE_LOG_LEVEL": level}, tmp_path / level) as home:
            serving.get(f"{home}/sparql", params={"query": ASK})
        log = (tmp_path / level).read_text(encoding="utf-8")
        assert log.count('"event": "query"') == count
    done = run("serve", FOREIGN, "--log-level", "loud")
    assert done.returncode == 2
    assert "`--log-level` cannot be `loud`" in done.stderr
