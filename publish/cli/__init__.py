"""Speak to a terminal: the verbs, their arguments, what is printed and the exit codes.

Each verb has a module of its own, which calls into the core and prints what comes back; nothing is
decided here that another interface would have to decide again. What a verb needs is imported when
it runs, so that `--help` is quick.
"""

import os
import signal
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command and end the process with its exit code, also where it is stopped at once."""
    _open_output()
    try:
        from publish.cli.command import main as run
    except KeyboardInterrupt:
        # While Python still reads the modules, nothing is begun that would have to be told.
        raise SystemExit(128 + signal.SIGINT) from None
    run()


def _open_output() -> None:
    """Let what a shell closed (`>&-`) lead nowhere; a file opened later would take its number."""
    for number in (1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
