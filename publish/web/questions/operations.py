"""Saved questions as operations of OpenAPI 3.1, each with its parameters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from publish import namespaces as ns
from publish import tables
from publish.negotiation import Format
from publish.parameters import Parameter
from publish.questions import Saved
from publish.web import problems
from publish.web.naming import Names
from publish.web.questions.asking import MOST, short


def declared(parameter: Parameter, names: Names) -> dict[str, Any]:
    """Describe a parameter as OpenAPI does, with values as they stand in addresses."""
    kind = "integer" if parameter.is_whole else "number" if parameter.is_number else "string"
    schema: dict[str, Any] = {
        "type": "boolean" if parameter.datatype == ns.XSD + "boolean" else kind
    }
    if not parameter.datatype:
        schema["description"] = "an IRI, a name with a prefix of the data, or a label"
    elif parameter.datatype in (ns.XSD + "date", ns.XSD + "dateTime"):
        schema["format"] = "date" if parameter.datatype == ns.XSD + "date" else "date-time"
    for name, bound in (("minimum", parameter.least), ("maximum", parameter.most)):
        if bound and parameter.is_number:
            schema[name] = _as_json(schema["type"], bound)
    if parameter.among:
        schema["enum"] = [_as_json(schema["type"], one) for one in parameter.among]
    said: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.default is None,
        "description": (parameter.description or parameter.label).value,
        "schema": schema,
    }
    if parameter.default is not None:
        written = short(names, parameter, parameter.default)
        schema["default"] = said["example"] = _as_json(schema["type"], written)
    return said


def operation(one: Saved, offers: Sequence[Format], names: Names) -> dict[str, Any]:
    """Describe one question as OpenAPI does."""
    content: dict[str, Any] = {form.media: {} for form in offers}
    problem: dict[str, Any] = {"content": {problems.JSON.media: {}}}
    return {
        "summary": one.question.label.value,
        "description": one.question.comment.value if one.question.comment else "",
        "operationId": f"question_{one.name}",
        "tags": ["questions", *(word.value for word in one.keywords)],
        "parameters": [
            *(declared(parameter, names) for parameter in one.parameters),
            *_columns(one),
            *_controls(one),
        ],
        "responses": {
            "200": {
                "description": "The answer; in RDF, of a question that gives rows, its description",
                "content": content,
            },
            "400": {"description": "A parameter is unknown, missing or given twice", **problem},
            "422": {"description": "A parameter cannot have that value", **problem},
            "5XX": {"description": "Why there is no answer", **problem},
        },
    }


def _columns(one: Saved) -> list[dict[str, Any]]:
    """Describe the columns, by which rows are left out."""
    return [
        {
            "name": column,
            "in": "query",
            "required": False,
            "description": f"Only rows whose `{column}` is this; behind a dot it may have "
            + ", ".join(f"`{name}` ({what})" for name, what in tables.OPERATORS.items()),
            "schema": {"type": "string"},
        }
        for column in one.columns
        if column not in {parameter.name for parameter in one.parameters}
    ]


def _controls(one: Saved) -> list[dict[str, Any]]:
    """Describe what the server itself takes."""
    rows = one.question.form == "SELECT"
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": what,
            "schema": {"type": "integer", "minimum": 1, "maximum": MOST}
            if name in ("_size", "_page")
            else {"type": "string"},
        }
        for name, what in tables.CONTROLS.items()
        if rows or name in ("_format", "_labels")
    ]


def _as_json(kind: str, text: str) -> object:
    try:
        return json.loads(text) if kind != "string" else text
    except ValueError:
        return text
