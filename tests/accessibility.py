"""What axe, the checker of accessibility that `make test` installs from npm, finds on a page."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page

_AXE = Path(__file__).parent.parent / "build/clients/node_modules/axe-core/axe.min.js"
MISSING = "" if _AXE.is_file() else "axe is not in build/clients (npm), so pages are not checked"


def violations(page: Page, only: str = "") -> str:
    """Tell each rule that a page breaks, with the first elements that do; nothing where none is."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    asked = json.dumps({"runOnly": [only]} if only else {})
    found = page.evaluate(f"axe.run({asked}).then((said) => said.violations)")
    told = [(one["id"], [node["html"][:150] for node in one["nodes"][:3]]) for one in found]
    return json.dumps(told, indent=1) if told else ""
