"""Speak to a terminal: the verbs, their arguments, what is printed and the exit codes.

Each verb has a module of its own, which calls into the core and prints what comes back; nothing is
decided here that another interface would have to decide again. What a verb needs is imported when
it runs, so that `--help` is quick.
"""

import signal

__all__ = ["main"]


def main() -> None:
    """Run the command and end the process with its exit code, also where it is stopped at once."""
    try:
        from publish.cli.command import main as run
    except KeyboardInterrupt:
        # While Python still reads the modules, nothing is begun that would have to be told.
        raise SystemExit(128 + signal.SIGINT) from None
    run()
