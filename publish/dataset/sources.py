"""The files of a data set: which count, which graph each belongs to, and what tells them apart."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias
from urllib.parse import quote

from publish import errors
from publish.dataset.values import OWN_GRAPHS

Key: TypeAlias = str
"""The last part of a graph's IRI, known before the base is."""
Stamp: TypeAlias = tuple[int, int, int]
"""What the system knows of a file (inode, bytes, time): another one, or changed, has others."""

FOLDERS = ("data", "ontology", "shapes")
MAPPINGS = ".sssom.tsv"
"""How the name of a table of mappings ends."""
_LIKE_SOURCES = re.compile(
    r"\.(?:ttl|turtle|nt|nq|n3|trig|rdf|owl|xml|json|jsonld|tsv|csv|xlsx|ods|rq|sparql|shacl)"
    # What is kept beside a file, what some editors add where they do not show it, and slips.
    r"(?:\.(?:txt|bak|orig|old|gz|zip))?$|\.(?:tll|tlt|tt)$",
    re.IGNORECASE,
)
_USUAL = ("enrichment", "links", "questions")
"""Folders of data/ that mean something by their names."""
_EXPLAINING = re.compile(r"\.(?:md|rst)$|^(?:readme|licen[cs]e|copying|makefile)\b", re.IGNORECASE)
"""The names of files that explain a folder to people."""
_LAYER_RULES = re.compile(r"shapes/layer-(.+)\.ttl")


def shipped() -> Path:
    """Give the folder of the data set that comes with the package."""
    package = Path(__file__).parents[1]
    inside = package / "shipped"
    return inside if is_folder(inside) else package.parent


def layer_of_rules(path: str) -> str:
    """Name the layer that the rules of a file speak of; empty for all others."""
    match = _LAYER_RULES.fullmatch(path)
    return match[1] if match else ""


def is_folder(path: Path) -> bool:
    """Say whether a folder has the shape of a data set."""
    return all((path / name).is_dir() for name in FOLDERS)


def is_source(name: str) -> bool:
    """Say whether a file of this name is read; editors keep their own, with a dot before it."""
    return name.endswith((".ttl", MAPPINGS)) and not name.startswith(".")


def is_passed_over(name: str) -> bool:
    """Say whether a file of this name is not read, though somebody may think that it is."""
    shown = not name.startswith(".") and not name.endswith("~") and not _EXPLAINING.search(name)
    return shown and not is_source(name)


def is_like_source(path: str) -> bool:
    """Say whether a file that is not read has the name of one that holds data."""
    return _LIKE_SOURCES.search(path) is not None


def fingerprint(folder: Path) -> tuple[str, dict[str, str]]:
    """Give the digest that a folder would have, and that of each file, without parsing any.

    Raises `FolderError` as `load` does.
    """
    sources = {
        path: hashlib.sha256(bytes_of(folder / path)[0]).hexdigest()
        for path in source_paths(folder)
    }
    return digest(sources), sources


def digest(sources: Mapping[str, str]) -> str:
    """Give one SHA-256 of files, by their names and the digest of each."""
    lines = (f"{sha256}  {path}\n" for path, sha256 in sources.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def source_files(folder: Path) -> dict[str, bytes]:
    """Give the bytes of each file that counts, by its path within the folder, sorted.

    Raises `FolderError` as `source_paths` does, and where a file cannot be read.
    """
    return {path: bytes_of(folder / path)[0] for path in source_paths(folder)}


def source_paths(folder: Path) -> list[str]:
    """Give the path of each file that counts, within the folder, sorted.

    Raises `FolderError` where the folder has not the shape.
    """
    if not folder.is_dir():
        exists = "is no folder" if folder.exists() else "does not exist"
        what = "is a file" if folder.is_file() else exists
        raise errors.FolderError(f"`{folder}` {what}; name a folder with data/, ontology/, shapes/")
    missing = [f"{name}/" for name in FOLDERS if not (folder / name).is_dir()]
    if missing:
        raise errors.FolderError(
            f"`{folder}` is no data set: it has no {' and no '.join(missing)}; "
            "name another folder, or make what is missing"
        )
    found = _below(folder, is_source)
    if not any(path.startswith("data/") for path in found):
        raise errors.FolderError(
            f"`{folder / 'data'}` holds no *.ttl; begin with data/dataset.ttl, "
            "which describes the whole as a dcat:Dataset"
        )
    return found


def passed_over(folder: Path) -> list[str]:
    """Give the path of each file in the folders that is not read, and of those beside them, sorted."""
    beside = {path.name for path in folder.iterdir() if is_source(path.name) and path.is_file()}
    strays = {
        path.relative_to(folder).as_posix()
        for name in _misplaced(folder)
        for path in _files(folder / name)
        if is_source(path.name)
    }
    return sorted({*_below(folder, is_passed_over), *beside, *strays})


def _misplaced(folder: Path) -> set[str]:
    """Name the folders that should stand in data/, or be written in small letters."""
    inside = {path.name for path in (folder / "data").iterdir() if path.is_dir()}
    beside = {path.name for path in folder.iterdir() if path.is_dir()} - {*FOLDERS}
    # Where names are the same in capitals, the folder is read by its other name.
    others = {name for name in beside if name.casefold() in FOLDERS}
    taken = {name for name in others if (folder / name).samefile(folder / name.casefold())}
    return (beside & {*inside, *_USUAL}) | (others - taken)


def _below(folder: Path, counts: Callable[[str], bool]) -> list[str]:
    found = (path for name in FOLDERS for path in _files(folder / name) if counts(path.name))
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _files(folder: Path) -> Iterator[Path]:
    """Give the files below a folder; a link that leads back into it is followed once.

    Raises `FolderError` where a folder cannot be read.
    """
    seen = {folder.resolve()}
    for place, folders, names in os.walk(folder, followlinks=True, onerror=_refuse):
        here = Path(place)
        for name in sorted(folders):
            real = Path(os.path.realpath(here / name))
            if name.startswith(".") or real in seen:
                folders.remove(name)
            seen.add(real)
        yield from (here / _named(name, here) for name in names)


def _named(name: str, folder: Path) -> str:
    """Give the name of a file; raise where it is no text, which nothing can be written of."""
    if not name.isascii():
        try:
            name.encode()
        except UnicodeEncodeError as error:
            shown = os.fsencode(folder / name).decode(errors="replace")
            raise errors.FolderError(f"the name of `{shown}` is not UTF-8; rename it") from error
    return name


def _refuse(error: OSError) -> None:
    """Refuse a folder that cannot be read: passed over, what it holds would be lacking."""
    raise errors.FolderError(f"cannot read `{error.filename}`: {error.strerror}") from error


def bytes_of(path: Path) -> tuple[bytes, Stamp]:
    """Read a file, with what tells whether it was changed since."""
    try:
        # A pipe, or what stands for a device, might never end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise errors.FolderError(f"`{path}` is no file; remove it, or put a file in its place")
        with path.open("rb") as file:
            return file.read(), stamp(os.fstat(file.fileno()))
    except OSError as error:
        raise errors.FolderError(f"cannot read `{path}`: {error.strerror}") from error


def stamp(found: os.stat_result) -> Stamp:
    """Give what tells whether a file was changed since."""
    return (found.st_ino, found.st_size, found.st_mtime_ns)


def key(path: str) -> Key:
    """Name the graph that a file belongs to."""
    top, *rest = PurePosixPath(path.removesuffix(MAPPINGS).removesuffix(".ttl")).parts
    if top != "data":
        return top
    if len(rest) == 1 or rest[0] == "questions":
        return "meta"
    if rest[0] in OWN_GRAPHS:
        raise errors.FolderError(
            f"the folder data/{rest[0]} has a name that folkmote needs itself; rename it"
        )
    return quote("-".join(rest) if rest[0] == "enrichment" else rest[0])
