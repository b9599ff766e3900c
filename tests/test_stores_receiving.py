"""What a store elsewhere answered: read, and written in the format that was asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from publish import errors
from publish.stores import Job, evaluation, receiving, sending

MEDIA = "application/sparql-results+json"
VIEW = sending.View({}, (), {"ex": "http://e/"}, ("de",))
EMPTY = evaluation.LocalStore(ox.Store(), "", {}, {})


def converted(
    body: bytes,
    media: str = MEDIA,
    form: str = "rows",
    *,
    most_rows: int | None = None,
    complete: bool = True,
    labels: bytes = b"",
    asked: tuple[str, ...] | None = None,
    **limits,
):
    got = receiving.Got(body, media, complete, most_rows)
    wanted = "text/csv" if form == "rows" else MEDIA if form == "boolean" else "text/turtle"
    job = Job("", wanted, labels=asked, **{"rows": 1000, "size": 10**6, **limits})
    converting = receiving.conversion(job, form, got, VIEW, labels)
    assert converting.elsewhere
    return receiving.convert(converting, converting.elsewhere)


def json_rows(*values: str) -> bytes:
    bindings = ", ".join(f'{{"x": {{"type": "literal", "value": "{one}"}}}}' for one in values)
    return f'{{"head": {{"vars": ["x"]}}, "results": {{"bindings": [{bindings}]}}}}'.encode()


def test_rows_are_written_in_the_format_asked_for() -> None:
    assert converted(json_rows("a", "b")).body == b"x\r\na\r\nb\r\n"


def test_a_blank_node_may_have_a_name_that_only_virtuoso_reads() -> None:
    body = json_rows("nodeID").replace(
        b'"literal", "value": "nodeID"', b'"bnode", "value": "nodeID://b1"'
    )
    assert converted(body).body == b"x\r\n_:b1\r\n"


@pytest.mark.parametrize(("rows", "answer"), [("", "false"), ("1", "true")])
def test_virtuoso_answers_a_question_with_a_row(rows: str, answer: str) -> None:
    body = json_rows(*rows).replace(b'"x"', b'"__ASK_RETVAL"')
    assert f'"boolean":{answer}'.encode() in converted(body, form="boolean").body


def test_triples_are_written_in_the_format_asked_for() -> None:
    answer = converted(b"<http://e/s> <http://e/p> <http://e/o> .", "text/plain", "triples")
    assert b"ex:s ex:p ex:o" in answer.body


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"", "rows"),
        (b"<html>welcome</html>", "rows"),
        (json_rows("a")[:-9], "rows"),
        (b'{"head": {}, "boolean": true}', "rows"),
        (json_rows("a"), "boolean"),
        (b"<html>", "triples"),
    ],
)
def test_what_is_no_answer_is_none(body: bytes, form: str) -> None:
    with pytest.raises(errors.StoreAnswerError, match="cannot be read"):
        converted(body, form=form)


LABELLED = b"""
<http://e/s> <http://www.w3.org/2000/01/rdf-schema#label> "thing"@en , "Ding"@de .
"""


def test_labels_are_added_from_what_came_with_the_answer() -> None:
    rows = json_rows("http://e/s", "http://e/none").replace(b'"literal"', b'"uri"')
    added = converted(rows, labels=LABELLED, asked=())
    assert added.body == b"x,xLabel\r\nhttp://e/s,Ding\r\nhttp://e/none,\r\n"
    added = converted(rows, labels=LABELLED, asked=("en",))
    assert b"http://e/s,thing" in added.body
    triples = b"<http://e/s> <http://e/p> <http://e/o> ."
    assert b'"Ding"@de' in converted(triples, "", "triples", labels=LABELLED, asked=()).body


def test_too_many_things_are_not_labelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_LABELLED", 1)
    got = receiving.Got(json_rows("urn:a", "urn:b").replace(b'"literal"', b'"uri"'), MEDIA)
    job = Job("", MEDIA, rows=10, size=1000)
    mention = receiving.conversion(job, "rows", got, VIEW, mention=True)
    assert mention.elsewhere
    with pytest.raises(errors.QueryTooLarge, match="at most 1 things"):
        receiving.work(EMPTY, mention, mention.elsewhere)


def test_limits_hold_for_what_comes_back() -> None:
    with pytest.raises(errors.QueryTooLarge, match="more than 1 rows"):
        converted(json_rows("a", "b"), rows=1)
    with pytest.raises(errors.QueryTooLarge, match="more than 3 bytes"):
        converted(json_rows("a", "b"), size=3)


def test_rows_that_the_store_may_have_cut_are_an_error() -> None:
    with pytest.raises(errors.QueryTooLarge, match="at most 2 rows"):
        converted(json_rows("a", "b"), most_rows=2)
    assert converted(json_rows("a"), most_rows=2).rows == 1


def xml_rows(count: int) -> Iterator[bytes]:
    yield b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
    yield b"<results>"
    for number in range(count):
        yield f'<result><binding name="x"><literal>{number}</literal></binding></result>'.encode()


def test_people_get_the_rows_that_came() -> None:
    body = b"".join(xml_rows(3)) + b"<result><bind"
    answer = converted(body, receiving.ROWS_IN_PARTS, partial=True, complete=False)
    assert (answer.body, answer.complete) == (b"x\r\n0\r\n1\r\n2\r\n", False)
