"""What the service says of itself, in both versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from publish import namespaces as ns
from publish.candidates import Reconciler
from publish.reconciliation.extending import FORMS, SETTINGS
from publish.reconciliation.requests import BATCH, TYPES

_WIDTH, _HEIGHT = 400, 240


@dataclass(frozen=True)
class About:
    """What a manifest says of the service: its address, its name, and what its things are."""

    home: str
    name: str
    version: str
    space: str


def _alike(about: About, reconciler: Reconciler) -> dict[str, Any]:
    """Say what both versions say in the same words."""
    types = reconciler.schema.types()[:TYPES]
    return {
        "name": about.name,
        "identifierSpace": about.space,
        "schemaSpace": ns.RDFS + "Resource",
        "documentation": f"{about.home}/help#reconcile",
        "serviceVersion": about.version,
        "logo": f"{about.home}/static/icon.svg",
        "defaultTypes": [{"id": one.iri, "name": one.label.value} for one in types],
        "batchSize": BATCH,
    }


def manifest(about: About, reconciler: Reconciler) -> dict[str, Any]:
    """Describe the service as 0.2 does."""
    home = f"{about.home}/reconcile"

    def suggesting(kind: str) -> dict[str, str]:
        return {
            "service_url": about.home,
            "service_path": f"/reconcile/suggest/{kind}",
            "flyout_service_url": about.home,
            "flyout_service_path": f"/reconcile/flyout/{kind}?id=${{id}}",
        }

    return {
        "versions": ["0.1", "0.2"],
        **_alike(about, reconciler),
        "view": {"url": f"{home}/view?id={{{{id}}}}"},
        "suggest": {kind: suggesting(kind) for kind in ("entity", "property", "type")},
        "preview": {
            "url": f"{home}/preview?id={{{{id}}}}",
            "width": _WIDTH,
            "height": _HEIGHT,
        },
        "extend": {
            "propose_properties": {
                "service_url": about.home,
                "service_path": "/reconcile/properties",
            },
            "property_settings": [_setting(one, "name", "label", "help_text") for one in SETTINGS],
        },
    }


def manifest_1(about: About, reconciler: Reconciler) -> dict[str, Any]:
    """Describe the service as the draft of 1.0 does."""
    home = f"{about.home}/reconcile"
    return {
        "versions": ["1.0-draft"],
        **_alike(about, reconciler),
        "view": {"url": f"{home}/view{{?id}}"},
        "suggest": {"entity": True, "property": True, "type": True},
        "preview": {"width": _WIDTH, "height": _HEIGHT},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [_setting(one, "id", "name", "helpText") for one in SETTINGS],
        },
        "standardizedScore": True,
    }


def _setting(
    one: tuple[str, str, str, str, object], name: str, label: str, help_: str
) -> dict[str, Any]:
    key, kind, spoken, explained, default = one
    said = {"type": kind, name: key, label: spoken, help_: explained, "default": default}
    if kind == "select":
        said["choices"] = [{"value": value, "name": text} for value, text in FORMS]
    return said
