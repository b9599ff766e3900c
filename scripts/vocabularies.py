"""Make the kept lists of other people's vocabularies anew from their own files.

    python scripts/vocabularies.py FOLDER

FOLDER holds a git clone of each repository that `publish/vocabularies/sources.tsv` names, as
`owner+name`, with or without a work tree. Each file is read at the commit that the table gives,
reduced to facts (IRI, kind, what stands above, domain, range, whether it is retired) and written
to `publish/vocabularies/PREFIX.tsv`. Needs the installed package and git, and no network.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from publish import namespaces as ns
from publish import vocabulary

CLOJURE_PREFIXES = {
    "rdfs": ns.RDFS,
    "owl": ns.OWL,
    "skos": ns.SKOS,
    "madsrdf": "http://www.loc.gov/mads/rdf/v1#",
}


def source_text(folder: Path, source: vocabulary.Source) -> bytes:
    """Read one file as it was at its commit."""
    place = folder / source.repository.replace("/", "+")
    repository = next(path for path in (place / "repo", place) if path.is_dir())
    done = subprocess.run(
        ["git", "-C", repository, "show", f"{source.commit}:{source.path}"],
        capture_output=True,
        check=True,
    )
    return done.stdout


def triples(source: vocabulary.Source, text: bytes) -> Iterator[ox.Triple]:
    """Read a file by its suffix: RDF, a model, or a program that a vocabulary was turned into."""
    suffix = source.path.rpartition(".")[2]
    if suffix == "yaml":
        for name, type_ in modelled(yaml.safe_load(text), source.prefix):
            yield ox.Triple(
                ox.NamedNode(source.namespace + name), ox.NamedNode(ns.TYPE), ox.NamedNode(type_)
            )
        return
    if suffix in ("rb", "cljc"):
        for name, type_ in typed(text.decode(), suffix):
            subject = ox.NamedNode(source.namespace + name)
            yield ox.Triple(subject, ox.NamedNode(ns.TYPE), ox.NamedNode(type_))
        return
    format_ = ox.RdfFormat.from_extension({"owl": "rdf"}.get(suffix, suffix))
    if format_ is None:
        raise SystemExit(f"{source.path}: no RDF format has this suffix")
    for quad in ox.parse(text, format_, base_iri=source.namespace, lenient=True):
        yield quad.triple


def typed(text: str, suffix: str) -> Iterator[tuple[str, str]]:
    """Give the names and types of the terms that a Ruby or Clojure file declares."""
    if suffix == "rb":
        yield from re.findall(r'term :(\w+),\n.*?\n\s+type: "([^"]+)"', text)
        return
    for block in text.split("\n(def ")[1:]:
        (name,) = re.findall(r":db/ident +:[\w.]+/([\w-]+)", block)
        (types,) = re.findall(r"^ {2}[ {]:rdf/type +(\[[^\]]*\]|\S+)", block, re.MULTILINE)
        for prefix, local in re.findall(r":([\w.]+)/(\w+)", types):
            if prefix in CLOJURE_PREFIXES:
                yield name, CLOJURE_PREFIXES[prefix] + local


def modelled(model: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """Give the names and types of the terms that a LinkML model makes, not those it borrows."""
    for name in model["classes"]:
        yield "".join(part[0].upper() + part[1:] for part in name.split()), ns.RDFS + "Class"
    for name, slot in model["slots"].items():
        if "slot_uri" not in (slot or {}):
            yield name, ns.RDF + "Property"
    for enum in model["enums"].values():
        for value in enum["permissible_values"].values():
            space, _, name = (value or {}).get("meaning", "").partition(":")
            if space == prefix:
                yield name, ns.OWL + "NamedIndividual"


def main(folder: Path) -> None:
    """Write each list, put together from all its sources."""
    found: defaultdict[str, set[ox.Triple]] = defaultdict(set)
    spaces = {}
    for source in vocabulary.sources():
        found[source.prefix].update(triples(source, source_text(folder, source)))
        spaces[source.prefix] = source.namespace
    for prefix, all_triples in found.items():
        namespace = spaces[prefix]
        facts = vocabulary.reduce(all_triples, namespace)
        print(f"{prefix}: {len(facts)} terms")
        path = vocabulary.FOLDER / f"{prefix}.tsv"
        path.write_text(vocabulary.listed(facts, namespace), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
