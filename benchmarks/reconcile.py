"""Measure how fast batches of names are matched with the things of a large data set.

    python -m benchmarks.reconcile [--labels 1000000] [--batches 5]

Names are made up, always the same: so many people, each with a type and a label. A batch has 50
queries, as people write names: inverted, with an initial, with a slip, of somebody unknown. The
server is one of folkmote, asked over HTTP as OpenRefine asks it; the first batch, for which the
index of names is made, is told apart.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from benchmarks.peers import free_port

SEED = 7
BATCH = 50
_SPACE = "https://example.org/people/"
_FOAF = "http://xmlns.com/foaf/0.1/"
_SOUNDS = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu")


def names(count: int) -> list[str]:
    """Make up names of people: 2,000 given names and as many family names as a census has."""
    made = random.Random(SEED)  # noqa: S311  # no secret
    given = [_word(made, 2, 3) for _ in range(2_000)]
    families = [_word(made, 2, 5) for _ in range(max(100, count // 20))]
    return [
        f"{made.choice(given)} {made.choice(given)} {made.choice(families)}" for _ in range(count)
    ]


def _word(made: random.Random, least: int, most: int) -> str:
    return "".join(made.choices(_SOUNDS, k=made.randint(least, most))).capitalize()


def write(people: list[str], place: Path) -> None:
    """Write a person for each name, as N-Triples."""
    with place.open("w", encoding="utf-8") as file:
        for number, name in enumerate(people):
            thing = f"<{_SPACE}{number}>"
            file.write(
                f"{thing} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{_FOAF}Person> .\n"
            )
            file.write(f'{thing} <http://www.w3.org/2004/02/skos/core#prefLabel> "{name}" .\n')


def batches(people: list[str], count: int) -> Iterator[dict[str, dict[str, str]]]:
    """Give batches of queries, a fifth of each kind."""
    made = random.Random(SEED + 1)  # noqa: S311  # no secret
    for _ in range(count):
        yield {f"q{n}": {"query": _asked(made, made.choice(people), n % 5)} for n in range(BATCH)}


def _asked(made: random.Random, name: str, how: int) -> str:
    first, middle, family = name.split()
    slip = list(family)
    place = made.randrange(len(slip) - 1)
    slip[place : place + 2] = reversed(slip[place : place + 2])
    return (
        name,
        f"{family}, {first} {middle}",
        f"{first[0]}. {middle[0]}. {family}",
        f"{first} {middle} {''.join(slip)}",
        f"{_word(made, 3, 4)} {_word(made, 4, 5)}x",
    )[how]


def main() -> None:
    """Make the data, start the server, ask, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=int, default=1_000_000)
    parser.add_argument("--batches", type=int, default=5)
    chosen = parser.parse_args()
    people = names(chosen.labels)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "people.nt")
        write(people, place)
        address = f"http://127.0.0.1:{free_port()}"
        command = [sys.executable, "-m", "publish", "serve", str(place)]
        begun = time.monotonic()
        started = subprocess.Popen(
            [*command, "--port", address.rpartition(":")[2], "--query-seconds", "300"],
            env={**os.environ, "FOLKMOTE_RELEASES": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _await(address)
            print(f"{chosen.labels:,} labels; ready after {time.monotonic() - begun:.1f} s")
            _measure(address, started.pid, people, chosen.batches)
        finally:
            started.terminate()
            started.wait()


def _await(address: str) -> None:
    while True:
        try:
            if httpx.get(f"{address}/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)


def _measure(address: str, process: int, people: list[str], count: int) -> None:
    taken, spent = [], []
    right = asked = 0
    for queries in batches(people, count + 1):
        form = {"queries": json.dumps(queries)}
        before, begun = _spent(process), time.monotonic()
        said = httpx.post(f"{address}/reconcile", data=form, timeout=600).json()
        taken.append(time.monotonic() - begun)
        spent.append(_spent(process) - before)
        asked += BATCH // 5
        right += sum(bool(said[f"q{n}"]["result"]) for n in range(0, BATCH, 5))
    print(f"first batch, with the index: {taken[0]:.1f} s, {spent[0]:.1f} s of the processor")
    print(
        f"a batch of {BATCH}, median: {statistics.median(taken[1:]):.2f} s, "
        f"{statistics.median(spent[1:]):.2f} s of the processor"
    )
    print(f"{right} of {asked} exact names found; load {os.getloadavg()[0]:.1f}")


def _spent(process: int) -> float:
    """Give the processor's seconds that a process and those that it started have used (Linux)."""
    total = 0.0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text(encoding="utf-8").rpartition(") ")[2].split()
        except OSError:
            continue  # it has ended
        if int(place.parent.name) == process or int(fields[1]) == process:
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


if __name__ == "__main__":
    main()
