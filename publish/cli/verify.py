"""`folkmote verify`: say whether a release is what it says of itself."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Annotated

import typer

from publish.cli import terminal


def verify(
    release: Annotated[
        Path, typer.Argument(metavar="RELEASE", help="A folder that `folkmote build` wrote.")
    ],
) -> int:
    """Hold a release against its manifest: checksums, counts, and the same triples throughout.

    Every file is read, packed and not, and every format compared with the N-Quads, triple by
    triple. Exit code 1 where something is missing, changed or does not belong there.
    """
    from publish import verification

    # The engine does not look at signals while it names blank nodes: let Ctrl-C end the process.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        with terminal.progress(f"verifying {release}") as progress:
            found = verification.verify(release, progress)
    finally:
        signal.signal(signal.SIGINT, before)
    terminal.say("\n".join(f"{release / one.name}: {one.message}" for one in found.faults))
    checked = (
        f"{terminal.counted(found.files, 'file')}, {terminal.counted(found.triples, 'triple')}"
    )
    faults = terminal.counted(len(found.faults), "fault") if found.faults else "no fault"
    terminal.say(f"{checked}: {faults}")
    return terminal.FOUND if found.faults else terminal.FINE
