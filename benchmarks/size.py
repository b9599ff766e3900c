"""Measure how folkmote grows with the data, and against what it would be done with otherwise.

    python -m benchmarks.size [PART]... [--triples 10000 100000 1000000] [--pyshacl 100000]

Parts: essay, steps, engines, load; by default all. Each figure is of a process of its own, which tells
its processor time and its largest memory; seconds on the clock stand beside them. Growth is the
exponent between one size and the next: 1 is linear.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import generate

_ERRORS = 0.005
_SHAPES = Path(__file__).with_name("shapes.ttl")
_ESSAY = Path(__file__).parent.parent
_TIMES = 7
_FOLKMOTE = (sys.executable, "-m", "publish")

# What stands on each line is one step, timed; what is before is none of it.
_OWN = """
import sys, json, time
from pathlib import Path
from publish import dataset, inference, validation
begun = time.process_time()
data = dataset.load(Path(sys.argv[1]))
loaded = time.process_time()
graphs = validation.DataGraph(data, data.graphs_of_rules(""))
found = validation.judging(data, data.triples(data.shapes_graph), "compiled")(graphs)
ended = time.process_time()
print(json.dumps({"load": loaded - begun, "validate": ended - loaded, "results": len(found)}))
"""
_PYSHACL = """
import sys, json, time
from pathlib import Path
import rdflib, pyshacl
begun = time.process_time()
data, shapes = rdflib.Graph(), rdflib.Graph()
folder = Path(sys.argv[1])
for file in sorted([*folder.glob("data/**/*.ttl"), *folder.glob("ontology/*.ttl")]):
    data.parse(file)
for file in folder.glob("shapes/*.ttl"):
    shapes.parse(file)
loaded = time.process_time()
_, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
ended = time.process_time()
found = len(set(report.objects(None, rdflib.SH.result)))
print(json.dumps({"load": loaded - begun, "validate": ended - loaded, "results": found}))
"""
# The whole of `folkmote check`, without the start of Python and the reading of packages.
_WHOLE = """
import gc, sys, json, time
import shacl
from pathlib import Path
from publish import dataset, inference, proofreading, validation, vocabulary
from publish.cli import findings
gc.set_threshold(1_000_000)  # as the command does
begun = time.perf_counter(), time.process_time()
data = dataset.load(Path(sys.argv[1]))
loaded = time.perf_counter(), time.process_time()
with findings.gathering(data) as gathered:
    inference.infer(data)
    gathered()
ended = time.perf_counter(), time.process_time()
told = [ended[i] - begun[i] for i in (0, 1)], [loaded[i] - begun[i] for i in (0, 1)]
print(json.dumps(told))
"""
_RDFLIB = "import sys, rdflib; print(len(rdflib.Graph().parse(sys.argv[1])))"
_PYOXIGRAPH = (
    "import sys, pyoxigraph; s = pyoxigraph.Store(); s.bulk_load(path=sys.argv[1]); print(len(s))"
)


@dataclass(frozen=True)
class Ran:
    """One process: seconds on the clock and of the processor, MiB at most, and what it printed."""

    wall: float
    cpu: float
    memory: float
    said: str


def run(*command: object) -> Ran:
    """Run a command to its end; whatever it answers but 0 and 1 is an error."""
    words = [str(word) for word in command]
    with tempfile.TemporaryFile() as out:
        begun = time.perf_counter()
        actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1)]
        process = os.posix_spawnp(words[0], words, os.environ, file_actions=actions)
        _, status, used = os.wait4(process, 0)
        wall = time.perf_counter() - begun
        out.seek(0)
        said = out.read().decode()
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise RuntimeError(f"{' '.join(words)}: {said[-300:]}")
    return Ran(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said)


class Sizes:
    """The data sets, one of each size, and what is measured on them."""

    def __init__(self, scratch: Path, sizes: Sequence[int], most: Mapping[str, int]) -> None:
        self._scratch = scratch
        self._sizes = sizes
        self._most = most

    def parts(self) -> Mapping[str, Callable[[], None]]:
        """Give the parts by name."""
        return {
            "essay": self.essay,
            "steps": self.steps,
            "engines": self.engines,
            "load": self.load,
        }

    def essay(self) -> None:
        """Measure the check of the data set of this repository, beside pySHACL, taking turns."""
        reference = (*_FOLKMOTE, "check", "--engine", "pyshacl", _ESSAY)
        slow = [run(*reference)]
        quick = [run(*_FOLKMOTE, "check", _ESSAY) for _ in range(_TIMES)]
        told = [json.loads(run(sys.executable, "-c", _WHOLE, _ESSAY).said) for _ in range(_TIMES)]
        slow.append(run(*reference))
        after, reading = ([(one[part][0], one[part][1]) for one in told] for part in (0, 1))
        rows = {
            "`folkmote check`": [(one.wall, one.cpu) for one in quick],
            "of it after start": after,
            "of that reading": reading,
            "`folkmote check --engine pyshacl`": [(one.wall, one.cpu) for one in slow],
        }
        print("\n### Checking the data set of this repository\n")
        print("| what | seconds, best | median | CPU s, best | median |")
        print("|---|---|---|---|---|")
        for name, taken in rows.items():
            columns = [sorted(column) for column in zip(*taken, strict=True)]
            cells = [f"{c[0]:.3g} | {statistics.median(c):.3g}" for c in columns]
            print(f"| {name} | {' | '.join(cells)} |")
        ratios = [
            statistics.median(one[part] for one in rows["`folkmote check --engine pyshacl`"])
            / statistics.median(one[part] for one in rows["`folkmote check`"])
            for part in (0, 1)
        ]
        print(f"\npySHACL takes {ratios[0]:.0f} times as long, {ratios[1]:.0f} times the CPU s.")
        print(f"Load average {os.getloadavg()[0]:.1f}.", flush=True)

    def steps(self) -> None:
        """Measure the verbs: check, build, build again, build after a change, verify."""
        rows: dict[str, dict[int, Ran]] = {}
        for size in self._sizes:
            if size > self._most["steps"]:
                continue
            folder, out = self._folder(size), self._scratch / f"out-{size}"
            shutil.rmtree(out, ignore_errors=True)
            for name, command in (
                ("check", ("check", folder)),
                ("build", ("build", out, folder)),
                ("build again", ("build", out, folder)),
                ("verify", ("verify", out)),
            ):
                rows.setdefault(name, {})[size] = run(*_FOLKMOTE, *command)
            # One layer gets one more triple: every dump of the whole changes, no other layer does.
            more = folder / "data" / "notes" / "more.ttl"
            more.parent.mkdir(exist_ok=True)
            more.write_text(
                "<urn:x:note> <http://www.w3.org/2004/02/skos/core#note> 'one more' .\n"
            )
            rows.setdefault("build, a layer changed", {})[size] = run(
                *_FOLKMOTE, "build", out, folder
            )
            shutil.rmtree(more.parent)
            shutil.rmtree(out)
        self._print("Steps of folkmote", rows)

    def engines(self) -> None:
        """Measure the check of data of which one value in two hundred breaks a rule."""
        print("\n### Checking by 6 node shapes, 24 property shapes, 43 constraints\n")
        print("| triples | engine | load CPU s | validate CPU s | results | whole CPU s | MiB |")
        print("|---|---|---|---|---|---|---|")
        for size in self._sizes:
            if size > self._most["folkmote"]:
                continue
            folder = self._folder(size, errors=_ERRORS)
            shutil.copy(_SHAPES, folder / "shapes" / "rules.ttl")
            taken: dict[str, Mapping[str, float]] = {}
            for name, program in (("folkmote", _OWN), ("pyshacl", _PYSHACL)):
                if size <= self._most[name]:
                    ran = run(sys.executable, "-c", program, folder)
                    told = json.loads(ran.said)
                    taken[name] = told
                    cells = [f"{told[key]:.3g}" for key in ("load", "validate")]
                    cells += [str(told["results"]), f"{ran.cpu:.3g}", f"{ran.memory:.0f}"]
                    print(f"| {size:,} | {name} | {' | '.join(cells)} |", flush=True)
            if len(taken) > 1:
                ratios = [
                    taken["pyshacl"][key] / taken["folkmote"][key] for key in ("load", "validate")
                ]
                print(
                    f"| {size:,} | pyshacl : folkmote | {ratios[0]:.1f} | {ratios[1]:.1f} | | | |"
                )

    def load(self) -> None:
        """Measure reading N-Triples, beside other programs that do."""
        rows: dict[str, dict[int, Ran]] = {}
        for size in self._sizes:
            data = self._folder(size).with_suffix(".nt")
            commands: dict[str, Sequence[object]] = {
                "folkmote query": (*_FOLKMOTE, "query", "ASK {}", data),
                "pyoxigraph": (sys.executable, "-c", _PYOXIGRAPH, data),
                "rdflib": (sys.executable, "-c", _RDFLIB, data),
                "rapper -c": ("rapper", "-q", "-c", "-i", "ntriples", data),
            }
            for name, command in commands.items():
                if size <= self._most.get(name, size) and shutil.which(str(command[0])):
                    rows.setdefault(name, {})[size] = run(*command)
        self._print("Reading N-Triples", rows)

    def _folder(self, size: int, errors: float = 0.0) -> Path:
        folder = self._scratch / f"{'broken' if errors else 'sound'}-{size}"
        if not folder.is_dir():
            generate.write(size, folder, errors)
        return folder

    def _print(self, title: str, rows: Mapping[str, Mapping[int, Ran]]) -> None:
        print(f"\n### {title}\n")
        print("| what | triples | seconds | CPU s | growth | MiB |")
        print("|---|---|---|---|---|---|")
        for name, ran in rows.items():
            before: tuple[int, Ran] | None = None
            for size, one in ran.items():
                growth = ""
                if before is not None:
                    times = one.cpu / before[1].cpu
                    growth = f"{math.log(times) / math.log(size / before[0]):.2f}"
                cells = f"{one.wall:.3g} | {one.cpu:.3g} | {growth} | {one.memory:.0f}"
                print(f"| {name} | {size:,} | {cells} |")
                before = (size, one)
        print(f"\nLoad average {os.getloadavg()[0]:.1f}.", flush=True)


def main() -> None:
    """Read the command line and measure."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("parts", nargs="*", metavar="PART", help="essay, steps, engines, load")
    asked.add_argument("--triples", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    asked.add_argument("--pyshacl", type=int, default=100_000, help="most triples for pyshacl")
    asked.add_argument("--rdflib", type=int, default=1_000_000, help="most triples for rdflib")
    asked.add_argument("--scratch", type=Path, help="a folder that keeps the data for later runs")
    given = asked.parse_args()
    most = {"steps": 1_000_000, "folkmote": 1_000_000}
    most |= {"pyshacl": given.pyshacl, "rdflib": given.rdflib}
    with tempfile.TemporaryDirectory(prefix="folkmote-size-") as passing:
        scratch = given.scratch or Path(passing)
        scratch.mkdir(parents=True, exist_ok=True)
        sizes = Sizes(scratch, sorted(given.triples), most)
        for name, part in sizes.parts().items():
            if not given.parts or name in given.parts:
                part()


if __name__ == "__main__":
    main()
