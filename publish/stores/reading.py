"""A data set that a process below reads, while the server makes what it answers with.

To import the framework takes about as long as to read a data set. So the zygote reads, and hands
over a copy before it loads its store.
"""

from __future__ import annotations

import copyreg
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from types import MappingProxyType
from typing import BinaryIO, cast

from publish.dataset import Dataset


class _Pickler(pickle.Pickler):
    """Writes mappings that cannot be changed too, as ones that nobody changes."""

    dispatch_table = MappingProxyType(
        {**copyreg.dispatch_table, MappingProxyType: lambda one: (dict, (dict(one),))}
    )


class Reading:
    """What `read` gives in one process, for another that was forked from the same.

    To be made before the fork. The copy passes through a file without a name, so that neither
    waits until the other has room. It is pickled: who writes it is a fork of who reads it, which
    has not heard of any stranger yet.
    """

    def __init__(self, read: Callable[[], Dataset]) -> None:
        self._read = read
        self._file = _nameless()

    def write(self) -> tuple[Dataset, bool]:
        """Read the data set and write it down for the other process; say whether that went well."""
        dataset = self._read()
        try:
            _Pickler(self._file, pickle.HIGHEST_PROTOCOL).dump(dataset)
            self._file.flush()
        except OSError:  # no file may grow here (RLIMIT_FSIZE), in memory neither
            return dataset, False
        return dataset, True

    def take(self, *, written: bool) -> Dataset:
        """Give what was `written`; else read here, where it can be told too what is wrong."""
        with self._file as file:
            if not written:
                return self._read()
            file.seek(0)
            return cast(Dataset, pickle.load(file))  # noqa: S301 (our own, see above)


def _nameless() -> BinaryIO:
    """Open a file that goes away by itself; in memory, where the system can."""
    if sys.platform == "linux":
        file: BinaryIO = os.fdopen(os.memfd_create("folkmote"), "w+b")
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by who reads it)
    return file
