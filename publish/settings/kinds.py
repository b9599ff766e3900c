"""Kinds of values of settings: each takes a text, or raises `ValueError` with what would be right."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable
from urllib.parse import urlsplit

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_MAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[\w-]+", re.ASCII)


def text(value: str) -> str:
    """Take any text."""
    return value


def host(value: str) -> str:
    """Take the name or the address of a machine."""
    if not value or any(sign.isspace() or sign == "/" for sign in value):
        raise ValueError("give a name or an address without a scheme")
    return value


def address(value: str) -> str:
    """Take an absolute http address, without the slash at its end; empty is none."""
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("give an address such as `https://example.org/data`")
    return value.rstrip("/")


def language(value: str) -> str:
    """Take a language tag, which is part of the name of a file too."""
    if not _TAG.fullmatch(value):
        raise ValueError("give a language as BCP 47 spells it")
    return value


def mail(value: str) -> str:
    """Take a mail address that OAI-PMH takes too (emailType); empty is none."""
    if value and not _MAIL.fullmatch(value):
        raise ValueError("give a mail address such as `data@example.org`")
    return value


def editing(value: str) -> str:
    """Take an address with a place for a path in it; empty is none."""
    if value and ("{path}" not in value or not value.startswith(("http://", "https://"))):
        raise ValueError(
            "give an address such as `https://example.org/repository/blob/main/{path}#L{line}`"
        )
    return value


def store(value: str) -> str:
    """Take the address of an endpoint; a password in it would end up in logs."""
    if value and "@" in urlsplit(value).netloc:
        raise ValueError("give user and password as settings of their own")
    return address(value)


def origins(value: str) -> tuple[str, ...]:
    """Take origins as the Origin header spells them (RFC 6454 7), or `*`; empty is none."""
    origins = tuple(value.replace(",", " ").split())
    for origin in origins:
        parts = urlsplit(origin)
        if origin != "*" and not (parts.scheme and parts.netloc and not parts.path):
            raise ValueError("give `*` or origins such as `https://example.org`")
    return origins


def networks(value: str) -> tuple[str, ...]:
    """Take addresses and networks; empty is none, and there is no word for all."""
    found = tuple(value.replace(",", " ").split())
    for one in found:
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError as error:
            raise ValueError("give addresses or networks such as `10.0.0.0/8`") from error
    return found


def graph(value: str) -> str:
    """Take what a default graph can be; empty leaves it to the data."""
    if value not in ("", "union", "file"):
        raise ValueError("give `union`, `file` or nothing")
    return value


def level(value: str) -> str:
    """Take a level of the log, in small letters."""
    if value.lower() not in ("debug", "info", "warning", "error"):
        raise ValueError("give `debug`, `info`, `warning` or `error`")
    return value.lower()


def whole(least: int, most: int) -> Callable[[str], int]:
    """Take whole numbers within bounds, both included."""

    def parse(value: str) -> int:
        digits = value.replace("_", "")
        if not (digits.isascii() and digits.isdecimal() and least <= int(digits[:20]) <= most):
            raise ValueError(f"give a whole number from {least} to {most}")
        return int(digits)

    return parse


def seconds(value: str) -> float:
    """Take a time of up to a day."""
    try:
        given = float(value)
    except ValueError:
        given = math.nan
    if not 0 < given <= 86_400:
        raise ValueError("give a number of seconds above 0 and up to 86400")
    return given
