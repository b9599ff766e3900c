"""Say how a release was made: with which tools, and of which commit of the sources.

That changes from one machine to the next and from one commit to another, even where the sources
do not; so it stands in a file of its own, apart from what is the same whoever makes it. A commit
is named only where it holds every source file exactly as it was read, which its object names
prove; whatever else the commit or the working tree holds does not matter.
"""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from publish.version import __version__

_SECONDS = 10
_TOOLS = ("pyoxigraph", "shacl")


def tools() -> dict[str, str]:
    """Give the version of each tool whose work is in a release."""
    return {
        "folkmote": __version__,
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in _TOOLS},
    }


def revision(root: Path, sources: Mapping[str, str]) -> str:
    """Name the commit that holds the sources of a folder, given with their SHA-256."""
    committed = _objects(root)
    if not sources or not sources.keys() <= committed.keys():
        return ""
    for path, sha256 in sources.items():
        source = (root / path).read_bytes()
        changed = hashlib.sha256(source).hexdigest() != sha256
        if changed or _object_name(source, len(committed[path])) != committed[path]:
            return ""
    return _git(root, "rev-parse", "HEAD").strip()


def _objects(root: Path) -> dict[str, str]:
    """Give the object name of each file that the current commit has below a folder."""
    listed = _git(root, "ls-tree", "-r", "-z", "HEAD")
    pairs = (line.partition("\t") for line in listed.split("\0") if line)
    return {path: about.rpartition(" ")[2] for about, _, path in pairs}


def _object_name(source: bytes, digits: int) -> str:
    """Name a file as git does, with SHA-1 or, where names are longer, SHA-256."""
    kind = hashlib.sha256 if digits > 40 else hashlib.sha1
    return kind(b"blob %d\0" % len(source) + source, usedforsecurity=False).hexdigest()


def _git(root: Path, *arguments: str) -> str:
    """Ask git about a folder; nothing where it is not installed or knows no repository there."""
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 (no word of a stranger's is among the arguments)
            command, capture_output=True, timeout=_SECONDS, encoding="utf-8", check=True
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return done.stdout
