"""Write the findings of a check in the forms that people and programs read.

One line a finding for people, as compilers write; JSON with all that is known; SARIF for code
scanning; JUnit for build servers; annotations for GitHub's pull requests; a validation report in
Turtle. Each names file, line, the label of the thing, what to do, and the rule with its own file
and line. Nothing is checked or printed here.

Follows SARIF 2.1.0 (OASIS), the JUnit schema that build servers share, GitHub's workflow
commands, and SHACL 3.6 for the report.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import quote
from xml.etree import ElementTree

from publish import controls, errors, turtle
from publish import namespaces as ns
from publish.dataset import Dataset
from publish.records import Records
from publish.validation import Consequences, Finding, Severity, constraint
from publish.version import __version__

Format = Literal["text", "json", "sarif", "junit", "github"]

_LONGEST = 80
_SARIF = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS: Mapping[Severity, str] = MappingProxyType(
    {"violation": "error", "warning": "warning", "info": "note"}
)
_COMMANDS: Mapping[Severity, str] = MappingProxyType(
    {"violation": "error", "warning": "warning", "info": "notice"}
)


def of_syntax(error: errors.TurtleError) -> Finding:
    """Give a file that does not parse as a finding."""
    return Finding(
        path=error.path,
        line=error.line or 1,
        severity="violation",
        focus="",
        message=error.reason,
        shape="",
        shape_path="",
        shape_line=0,
        value="",
        component=ns.SYNTAX,
        column=error.column or 0,
    )


@dataclass(frozen=True)
class Names:
    """How IRIs are called: by prefixed names, and by the labels that the data give."""

    prefixes: Mapping[str, str]
    label: Callable[[str], str]

    def short(self, term: str) -> str:
        """Shorten an IRI by its prefix, and a long text to its beginning."""
        if term.startswith('"'):
            return controls.shown(term if len(term) <= _LONGEST else f"{term[:_LONGEST]}...")
        return ns.short(term, self.prefixes)


def names(dataset: Dataset) -> Names:
    """Give the names that a data set uses; an IRI without a label has an empty one."""
    records = Records(dataset)

    def label(iri: str) -> str:
        # A finding stands in one line, whatever breaks the label that it speaks of.
        line = " ".join(records.label(iri).value.split()) if records.labelled(iri) else ""
        return controls.shown(line)

    return Names(dataset.prefixes, label)


def nameless() -> Names:
    """Give names for findings about files that could not be read."""
    return Names(MappingProxyType({}), lambda _: "")


def write(findings: Sequence[Finding], form: Format, said: Names) -> str:
    """Write findings in one of the forms, without a line break at the end.

    The report in Turtle is the business of `validation_report`.
    """
    if form == "json":
        told = [{**asdict(one), "label": said.label(one.focus)} for one in findings]
        return json.dumps(told, indent=2, ensure_ascii=False)
    if form == "sarif":
        return json.dumps(_sarif(findings, said), indent=2, ensure_ascii=False)
    if form == "junit":
        return _junit(findings, said)
    if form == "github":
        return "\n".join(_annotation(one, said) for one in findings)
    return "\n".join(line(one, said) for one in findings)


def line(finding: Finding, said: Names) -> str:
    """Write a finding as compilers do: place, severity, what to do; then what it is about."""
    return f"{place(finding)}: {finding.severity}: {message(finding)}{about(finding, said)}"


def place(finding: Finding) -> str:
    """Give file, line and, where it is known, column."""
    parts = (finding.path, finding.line, finding.column)
    return ":".join(str(part) for part in parts if part)


def message(finding: Finding) -> str:
    """Give what to do, on one line, and what goes when it is done."""
    told = " ".join(finding.message.split())
    known = finding.consequences
    return f"{told}; {_counted(known)} of it, first at {_listed(known)}" if known else told


def _counted(known: Consequences) -> str:
    counts = (known.violations, "violation"), (known.warnings, "warning"), (known.remarks, "remark")
    told = [f"{count:,} {noun}{'s' * (count != 1)}" for count, noun in counts if count]
    come = "comes" if sum(count for count, _ in counts) == 1 else "come"
    return f"{' and '.join(told)} {come}"


def _listed(known: Consequences) -> str:
    return ", ".join(map(str, known.first))


def about(finding: Finding, said: Names) -> str:
    """Give in brackets what a finding is about: the value, the thing, the rule."""
    value, focus = said.short(finding.value), said.short(finding.focus)
    label = said.label(finding.focus)
    thing = f'"{label}", {focus}' if label else focus
    parts = [f"{value} of {thing}" if value and value != focus else thing, rule(finding)]
    told = "; ".join(part for part in parts if part)
    return f" ({told})" if told else ""


def rule(finding: Finding) -> str:
    """Say where the rule stands, and in which ways it is broken if in several.

    Gives nothing where no shape was broken.
    """
    if not finding.shape_path:
        return ""
    ways = map(constraint, finding.components) if finding.others else ()
    by = " and ".join(ways)
    return f"rule {finding.shape_path}:{finding.shape_line}{by and f', {by}'}"


def _rule_id(finding: Finding, said: Names) -> str:
    """Name the rule for programs: the shape, or what looked where no shape can."""
    return said.short(finding.shape or finding.component)


def _broken_by(finding: Finding, said: Names) -> str:
    """Name the rule and the thing; a file that cannot be read speaks of none."""
    thing = said.label(finding.focus) or said.short(finding.focus)
    return " of ".join(part for part in (_rule_id(finding, said), thing) if part)


# --- SARIF -----------------------------------------------------------------------------------


def _sarif(findings: Sequence[Finding], said: Names) -> dict[str, Any]:
    rules = list(dict.fromkeys(_rule_id(one, said) for one in findings))
    return {
        "$schema": _SARIF,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "folkmote",
                        "version": __version__,
                        "rules": [{"id": one} for one in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, rules, said) for one in findings],
            }
        ],
    }


def _result(finding: Finding, rules: Sequence[str], said: Names) -> dict[str, Any]:
    name = _rule_id(finding, said)
    result: dict[str, Any] = {
        "ruleId": name,
        "ruleIndex": rules.index(name),
        "level": _LEVELS[finding.severity],
        "message": {"text": message(finding) + about(finding, said)},
        "locations": [_location(finding.path, finding.line, finding.column)],
        "partialFingerprints": {"finding/v1": _fingerprint(finding)},
    }
    if label := said.label(finding.focus):
        named = [{"name": label, "fullyQualifiedName": finding.focus}]
        result["locations"][0]["logicalLocations"] = named
    related = [(finding.shape_path, finding.shape_line, "the rule")] if finding.shape_path else []
    if finding.consequences:
        places = finding.consequences.first
        related += ((one.path, one.line, "comes of it") for one in places)
    if related:
        result["relatedLocations"] = [
            {**_location(path, line), "message": {"text": text}} for path, line, text in related
        ]
    return result


def _location(path: str, line: int, column: int = 0) -> dict[str, Any]:
    region = {"startLine": max(line, 1)} | ({"startColumn": column} if column else {})
    return {"physicalLocation": {"artifactLocation": {"uri": quote(path)}, "region": region}}


def _fingerprint(finding: Finding) -> str:
    """Stand for a finding wherever its line moves (SARIF 2.1.0, 3.27.17)."""
    said = (finding.path, finding.shape or finding.component, finding.focus, finding.value)
    return hashlib.sha256("\n".join((*said, finding.message)).encode()).hexdigest()[:32]


# --- JUnit -----------------------------------------------------------------------------------


def _junit(findings: Sequence[Finding], said: Names) -> str:
    """Write a test case for each finding; a warning is a case that passes and says something."""
    failures = sum(one.severity == "violation" for one in findings)
    counts = {"tests": str(max(len(findings), 1)), "failures": str(failures), "errors": "0"}
    root = ElementTree.Element("testsuites", {"name": "folkmote check", **counts})
    suite = ElementTree.SubElement(root, "testsuite", {"name": "folkmote check", **counts})
    for one in findings:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            {
                "classname": one.path,
                "name": _broken_by(one, said),
                "file": one.path,
                "line": str(one.line),
            },
        )
        if one.severity == "violation":
            failure = ElementTree.SubElement(
                case, "failure", {"message": message(one), "type": "violation"}
            )
            failure.text = line(one, said)
        else:
            ElementTree.SubElement(case, "system-out").text = line(one, said)
    if not findings:
        ElementTree.SubElement(
            suite, "testcase", {"classname": "folkmote", "name": "every rule is kept"}
        )
    ElementTree.indent(root)
    written = ElementTree.tostring(root, encoding="unicode", xml_declaration=True)
    return turtle.NOT_XML.sub("\ufffd", written)


# --- GitHub ----------------------------------------------------------------------------------


def _annotation(finding: Finding, said: Names) -> str:
    """Write a workflow command, in which some signs must be escaped."""
    given = {"file": finding.path, "line": str(finding.line)}
    if finding.column:
        given["col"] = str(finding.column)
    given["title"] = said.label(finding.focus) or said.short(finding.focus) or "syntax"
    told = ",".join(f"{name}={_property(value)}" for name, value in given.items())
    text = _data(message(finding) + about(finding, said))
    return f"::{_COMMANDS[finding.severity]} {told}::{text}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# --- SHACL -----------------------------------------------------------------------------------


def validation_report(
    findings: Sequence[Finding], base: str = "", prefixes: Mapping[str, str] = ns.STANDARD
) -> str:
    """Give the report of a check in Turtle, as SHACL words it (3.6)."""
    return turtle.write(_report(findings, base), {**ns.STANDARD, **prefixes})


def _report(findings: Sequence[Finding], base: str) -> Iterator[turtle.Triple]:
    report = turtle.Named(f"{base or 'urn:'}report")
    conforms = "false" if findings else "true"
    yield _triple(report, ns.TYPE, turtle.Named(ns.SH + "ValidationReport"))
    truth = turtle.Literal(conforms, datatype=turtle.Named(ns.XSD + "boolean"))
    yield _triple(report, ns.SH + "conforms", truth)
    each = ((one, component) for one in findings for component in one.components)
    for number, (finding, looked) in enumerate(each):
        result = turtle.Blank(f"r{number}")
        yield _triple(report, ns.SH + "result", result)
        yield _triple(result, ns.TYPE, turtle.Named(ns.SH + "ValidationResult"))
        severity = turtle.Named(ns.SH + finding.severity.capitalize())
        yield _triple(result, ns.SH + "resultSeverity", severity)
        text = f"{place(finding)}: {message(finding)}"
        yield _triple(result, ns.SH + "resultMessage", turtle.Literal(text))
        component = turtle.Named(looked)
        yield _triple(result, ns.SH + "sourceConstraintComponent", component)
        # A result has exactly one focus node (3.6.2.1): a file, where there is no thing.
        focus = finding.focus or f"{base or 'urn:'}{quote(finding.path)}"
        for name, term in (
            ("focusNode", focus),
            ("value", finding.value),
            ("sourceShape", finding.shape),
        ):
            if term:
                yield _triple(result, ns.SH + name, _term(term))


def _triple(subject: turtle.Subject, predicate: str, value: turtle.Term) -> turtle.Triple:
    return turtle.Triple(subject, turtle.Named(predicate), value)


def _term(text: str) -> turtle.Term:
    if text == "[]":
        return turtle.Blank()
    if not text.startswith('"'):
        return turtle.Named(text)
    return turtle.parse(f"<urn:x> <urn:x> {text} .".encode(), "finding").triples[0][0].object
