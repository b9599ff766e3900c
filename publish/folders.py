"""Put a new folder in the place of an old one, whole or not at all.

The new folder is made beside its place, with a name that begins with a dot, and trades places
with the old one in one step of the system. Whoever looks sees one or the other, even where the
process is killed between any two steps. What a killed process leaves behind is no folder that
anybody reads, and goes away the next time; a folder that another process is still writing stays,
since that process holds a lock on it; and so does a folder that one is reading which says so.
Where the system refuses, people are told why.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import glob
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from publish import errors

_REMEDY = "mend that or name another folder"
_NEW, _OLD = ".new", ".old"
_HERE = -100  # AT_FDCWD: names are relative to the folder that the process is in
_EXCHANGE = 2  # RENAME_EXCHANGE, RENAME_SWAP


def resolved(place: Path) -> Path:
    """Give the whole path of a place to be written; raises `OutputError` where it can be none."""
    try:
        return place.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        # A loop of links is a RuntimeError to pathlib, a zero byte in a name a ValueError.
        raise _unwritable(place, str(error), _REMEDY) from error


@contextmanager
def writing(place: Path, remedy: str = _REMEDY) -> Iterator[None]:
    """Raise `OutputError` where the system does not let a place be written, with a remedy."""
    try:
        yield
    except OSError as error:
        raise _unwritable(place, error.strerror or str(error), remedy) from error


def _unwritable(place: Path, reason: str, remedy: str) -> errors.OutputError:
    reason = reason[:1].lower() + reason[1:]
    return errors.OutputError(f"cannot write `{place}`: {reason}; {remedy}")


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """Give a new folder that takes the place of `out` when all went well.

    Raises `OSError` where that cannot be; then `out` is what it was.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with _locked(out.parent):
        _clear(out)
        new = Path(tempfile.mkdtemp(prefix=f".{out.name}-", suffix=_NEW, dir=out.parent))
        ours = os.open(new, os.O_RDONLY)
        with contextlib.suppress(OSError):
            _lock(ours)
    try:
        yield new
        new.chmod(0o755)
        _put(new, out)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        os.close(ours)


def _put(new: Path, out: Path) -> None:
    if not out.exists() or not any(out.iterdir()):
        new.replace(out)  # an empty folder is replaced in one step
    elif not exchange(new, out):
        old = new.with_suffix(_OLD)
        out.replace(old)
        new.replace(out)
        shutil.rmtree(old)


def hold(place: Path) -> int:
    """Keep a folder from being removed by `remove` as long as this process has it open.

    Gives the number that it is open under; a process that ends lets it go by itself.
    """
    opened = os.open(place, os.O_RDONLY)
    with contextlib.suppress(OSError):  # some file systems of networks have no locks
        fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return opened


def remove(place: Path) -> None:
    """Remove a folder, unless somebody holds it."""
    with contextlib.suppress(OSError), _opened(place) as opened:
        _lock(opened)  # fails where somebody holds it
        shutil.rmtree(place, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders trade places in one step; say no where the system knows no such step.

    That is renameat2 of Linux and renamex_np of macOS, neither of which Python gives.
    """
    system = ctypes.CDLL(None, use_errno=True)
    a, b = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            failed = system.renamex_np(a, b, _EXCHANGE)
        else:
            failed = system.renameat2(_HERE, a, _HERE, b, _EXCHANGE)
    except AttributeError:
        return False
    if failed and (code := ctypes.get_errno()) not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        raise OSError(code, os.strerror(code), str(one), None, str(other))
    return not failed


def _clear(out: Path) -> None:
    """Remove what processes left behind that were killed, and put back what they took away."""
    for left in sorted(out.parent.glob(f".{glob.escape(out.name)}-*{_OLD}")):
        if out.exists():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.replace(out)
    for left in out.parent.glob(f".{glob.escape(out.name)}-*{_NEW}"):
        with contextlib.suppress(OSError), _opened(left) as folder:
            _lock(folder)  # fails where somebody is writing there
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep others from looking for leftovers between the making of a folder and its lock."""
    with _opened(folder) as opened:
        with contextlib.suppress(OSError):  # some file systems of networks have no locks
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    opened = os.open(folder, os.O_RDONLY)
    try:
        yield opened
    finally:
        os.close(opened)


def _lock(folder: int) -> None:
    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
