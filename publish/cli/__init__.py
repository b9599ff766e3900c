"""Speak to a terminal: the verbs, their arguments, what is printed and the exit codes.

Each verb has a module of its own, which calls into the core and prints what comes back; nothing is
decided here that another interface would have to decide again. What a verb needs is imported when
it runs, so that `--help` is quick.
"""

from publish.cli.command import main

__all__ = ["main"]
