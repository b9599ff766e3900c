"""What can be set about the service: one table, and one value that never changes.

Every setting has a name, a default and a sentence of help; the environment spells it
`FOLKMOTE_NAME`, the command line `--name`, a file of settings (TOML) `name`. What is given on the
command line wins over the environment, which wins over the file, which wins over the default.
Nothing here makes or starts what it names.
"""

from __future__ import annotations

import difflib
import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from publish import errors

PREFIX = "FOLKMOTE_"
"""What the name of every environment variable of ours begins with."""
TEXTS = "texts"
"""The folder within one of a data set that may have texts of the interface in other languages."""
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_MAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[\w-]+", re.ASCII)


@dataclass(frozen=True)
class Setting:
    """One thing that can be set; `parse` raises `ValueError` with what would be right.

    What is not `public` readers are not told. What is `secret` has no option either, since
    everybody on a machine can read its command lines.
    """

    name: str
    default: str | int | float
    parse: Callable[[str], Any]
    help: str
    public: bool = True
    secret: bool = False

    @property
    def variable(self) -> str:
        """The name of its environment variable."""
        return PREFIX + self.name.upper()

    @property
    def option(self) -> str:
        """Its spelling on the command line."""
        return "--" + self.name.replace("_", "-")


@dataclass(frozen=True)
class Settings:
    """All settings, each within its bounds; times in seconds, sizes in bytes."""

    host: str
    port: int
    base_url: str
    contact: str
    edit_url: str
    language: str
    translations: str
    query_seconds: float
    query_rows: int
    query_bytes: int
    query_length: int
    query_depth: int
    query_memory: int
    query_workers: int
    slow_seconds: float
    cache_seconds: int
    cache_bytes: int
    page_size: int
    cors_origins: tuple[str, ...]
    default_graph: str
    releases: str
    questions: str
    disk_bytes: int
    store: str
    store_dataset: str
    store_seconds: float
    store_user: str
    store_password: str = field(repr=False)
    log_level: str
    config: str
    trusted_proxies: tuple[str, ...]
    request_rate: int
    query_rate: int
    look_seconds: int
    stop_seconds: int


def read(environ: Mapping[str, str], given: Mapping[str, object]) -> Settings:
    """Read the settings from an environment, from what was given by name, and from a file.

    What is given as `None` counts as not given. Raises `SettingError` for a value that cannot
    be, for a name given that is no setting, and for a variable that looks like a slip.
    """
    known = {setting.name: setting for setting in SETTINGS}
    for name in given:
        if name not in known:
            raise errors.SettingError(f"there is no setting `{name}`{_nearest(name, [*known])}")
    _refuse_slips(environ)
    config, _ = _chosen(known["config"], environ, given, "", {})
    file = _in_file(config, known) if config else {}
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        value, place = _chosen(setting, environ, given, config, file)
        values[setting.name] = _parsed(setting, value, place)
    return Settings(**values)


def _chosen(
    setting: Setting,
    environ: Mapping[str, str],
    given: Mapping[str, object],
    config: str,
    file: Mapping[str, str],
) -> tuple[str, str]:
    """Give the text of a setting and the name under which it was found."""
    if (value := given.get(setting.name)) is not None:
        return str(value), setting.option
    if setting.variable in environ:
        return environ[setting.variable], setting.variable
    if setting.name in file:
        return file[setting.name], f"{setting.name} in {config}"
    return str(setting.default), setting.variable


def _in_file(config: str, known: Mapping[str, Setting]) -> dict[str, str]:
    """Read a file of settings, each value as it would be spelled elsewhere."""
    import tomllib  # most commands are given without a file

    try:
        found = tomllib.loads(Path(config).read_text(encoding="utf-8"))
    except OSError as error:
        raise errors.SettingError(f"cannot read `{config}`: {error.strerror}") from error
    except ValueError as error:
        raise errors.SettingError(f"`{config}` is not TOML: {error}; mend it") from error
    for name in found:
        if name not in known or name == "config":
            near = _nearest(name, [*known])
            raise errors.SettingError(f"there is no setting `{name}` for `{config}`{near}")
    return {name: _spelled(name, value, config) for name, value in found.items()}


def _spelled(name: str, value: object, config: str) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return " ".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise errors.SettingError(
            f"`{name} in {config}` cannot be `{value}`; give a text, a number or a list of texts"
        )
    return str(value)


def _parsed(setting: Setting, value: str, place: str) -> object:
    try:
        return setting.parse(value.strip())
    except ValueError as error:
        raise errors.SettingError(
            f"`{place}` cannot be `{value}`; {error}, such as `{setting.default}`"
            if setting.default != ""
            else f"`{place}` cannot be {_shown(value)}; {error}"
        ) from error


def _shown(value: str) -> str:
    """Give a value for a message, unless it may hold a password."""
    return "what it is" if "@" in value else f"`{value}`"


def _refuse_slips(environ: Mapping[str, str]) -> None:
    """Refuse a variable of ours that is almost a setting: it would silently do nothing."""
    known = [setting.variable for setting in SETTINGS]
    for name in environ:
        if name.startswith(PREFIX) and name not in known and (near := _nearest(name, known)):
            raise errors.SettingError(f"there is no setting `{name}` in the environment{near}")


def _nearest(name: str, known: list[str]) -> str:
    """Name what may have been meant; what all names have in common says nothing of that."""
    of = {one.removeprefix(PREFIX): one for one in known}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), of, 1, 0.7)
    return f"; did you mean `{of[near[0]]}`" if near else ""


# --- kinds of values -------------------------------------------------------------------------


def _text(value: str) -> str:
    return value


def _host(value: str) -> str:
    if not value or any(sign.isspace() or sign == "/" for sign in value):
        raise ValueError("give a name or an address without a scheme")
    return value


def _address(value: str) -> str:
    """Take an absolute http address, without the slash at its end; empty is none."""
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("give an address such as `https://example.org/data`")
    return value.rstrip("/")


def _language(value: str) -> str:
    """Take a language tag, which is part of the name of a file too."""
    if not _TAG.fullmatch(value):
        raise ValueError("give a language as BCP 47 spells it")
    return value


def _mail(value: str) -> str:
    """Take a mail address that OAI-PMH takes too (emailType); empty is none."""
    if value and not _MAIL.fullmatch(value):
        raise ValueError("give a mail address such as `data@example.org`")
    return value


def _editing(value: str) -> str:
    """Take an address with a place for a path in it; empty is none."""
    if value and ("{path}" not in value or not value.startswith(("http://", "https://"))):
        raise ValueError(
            "give an address such as `https://example.org/repository/blob/main/{path}#L{line}`"
        )
    return value


def _store(value: str) -> str:
    """Take the address of an endpoint; a password in it would end up in logs."""
    if value and "@" in urlsplit(value).netloc:
        raise ValueError("give user and password as settings of their own")
    return _address(value)


def _origins(value: str) -> tuple[str, ...]:
    """Take origins as the Origin header spells them (RFC 6454 7), or `*`; empty is none."""
    origins = tuple(value.replace(",", " ").split())
    for origin in origins:
        parts = urlsplit(origin)
        if origin != "*" and not (parts.scheme and parts.netloc and not parts.path):
            raise ValueError("give `*` or origins such as `https://example.org`")
    return origins


def _networks(value: str) -> tuple[str, ...]:
    """Take addresses and networks; empty is none, and there is no word for all."""
    found = tuple(value.replace(",", " ").split())
    for one in found:
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError as error:
            raise ValueError("give addresses or networks such as `10.0.0.0/8`") from error
    return found


def _graph(value: str) -> str:
    if value not in ("", "union", "file"):
        raise ValueError("give `union`, `file` or nothing")
    return value


def _level(value: str) -> str:
    if value.lower() not in ("debug", "info", "warning", "error"):
        raise ValueError("give `debug`, `info`, `warning` or `error`")
    return value.lower()


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        digits = value.replace("_", "")
        if not (digits.isascii() and digits.isdecimal() and least <= int(digits[:20]) <= most):
            raise ValueError(f"give a whole number from {least} to {most}")
        return int(digits)

    return parse


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= 86_400:
        raise ValueError("give a number of seconds above 0 and up to 86400")
    return seconds


# --- the table -------------------------------------------------------------------------------

_MIB = 1 << 20

SETTINGS: tuple[Setting, ...] = (
    Setting("host", "127.0.0.1", _host, "the address that the server listens on", public=False),
    Setting("port", 8000, _whole(0, 65_535), "its port; 0 takes a free one", public=False),
    Setting(
        "base_url", "", _address, "the server's public address; empty is the one of the request"
    ),
    Setting(
        "contact",
        "",
        _mail,
        "the mail address of who runs the server, told in pages, descriptions and OAI-PMH; "
        "empty tells none, and OAI-PMH, which must, `nobody@example.invalid`",
    ),
    Setting(
        "edit_url",
        "",
        _editing,
        "where a reader edits a file of the data, with `{path}` and `{line}` in it;"
        " empty tells path and line alone",
    ),
    Setting(
        "language",
        "en",
        _language,
        "the language of the interface (BCP 47); what its catalogue lacks is English",
    ),
    Setting(
        "translations",
        "",
        _text,
        "a folder of catalogues (`de.po`), beside `texts/` in the data set's folder",
        public=False,
    ),
    Setting("query_seconds", 10, _seconds, "how long a query may run"),
    Setting("query_rows", 1_000_000, _whole(1, 10**12), "how many rows or triples it may give"),
    Setting("query_bytes", 64 * _MIB, _whole(1, 10**12), "how many bytes its answer may have"),
    Setting("query_length", 100_000, _whole(1, 10**8), "how many characters it may have"),
    Setting("query_depth", 100, _whole(1, 500), "how deeply its brackets may be nested"),
    Setting(
        "query_memory", 512 * _MIB, _whole(16 * _MIB, 10**15), "how many bytes of memory it may use"
    ),
    Setting("query_workers", 0, _whole(0, 1_024), "how many queries run at once; 0 is four a core"),
    Setting(
        "slow_seconds", 0.2, _seconds, "after how long a query makes room for a small one beside it"
    ),
    Setting("cache_seconds", 300, _whole(0, 10**9), "how long a reader may keep an answer"),
    Setting("cache_bytes", 64 * _MIB, _whole(0, 10**12), "how many bytes of answers are kept"),
    Setting("page_size", 100, _whole(1, 10_000), "how many things a page of a list shows"),
    Setting(
        "cors_origins", "*", _origins, "whose scripts may read the answers: origins, or `*` for all"
    ),
    Setting(
        "default_graph",
        "",
        _graph,
        "what a query without FROM sees: `union` of the graphs, or the default graph of the `file`;"
        " empty is the union for a folder and the file for a bare RDF file",
    ),
    Setting(
        "releases",
        "",
        _text,
        "the folder of built releases; empty is one in the user's cache",
        public=False,
    ),
    Setting(
        "questions",
        "",
        _text,
        "a folder of Turtle files with more saved questions, beside those of the data",
        public=False,
    ),
    Setting(
        "disk_bytes",
        1 << 30,
        _whole(0, 10**15),
        "from which size on a release (its N-Quads) or RDF file is kept on disk and not in memory",
        public=False,
    ),
    Setting(
        "store",
        "",
        _store,
        "a SPARQL endpoint that holds the data, which are then served from there",
        public=False,
    ),
    Setting(
        "store_dataset",
        "",
        _text,
        "which of the store's data sets, by its IRI; empty is the only one",
        public=False,
    ),
    Setting(
        "store_seconds",
        10,
        _seconds,
        "how often to look whether the store shows another release",
        public=False,
    ),
    Setting("store_user", "", _text, "as whom to ask the store, by Basic or Digest", public=False),
    Setting(
        "store_password",
        "",
        _text,
        "the password for that, or without a user a token; no option, which others could read",
        public=False,
        secret=True,
    ),
    Setting(
        "log_level",
        "info",
        _level,
        "what is logged: `error`, `warning`, `info` with a line a query, `debug` with its text",
    ),
    Setting("config", "", _text, "a file (TOML) that gives settings by their names", public=False),
    Setting(
        "trusted_proxies",
        "",
        _networks,
        "the addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto count",
        public=False,
    ),
    Setting(
        "request_rate",
        0,
        _whole(0, 10**6),
        "how many requests a minute one address may send, beside queries; 0 is any number",
    ),
    Setting(
        "query_rate",
        0,
        _whole(0, 10**6),
        "how many requests a minute one address may send to `/sparql`; 0 is any number",
    ),
    Setting(
        "look_seconds",
        2,
        _whole(0, 86_400),
        "how often to look whether what is served has changed; 0 is only at SIGHUP",
        public=False,
    ),
    Setting(
        "stop_seconds",
        30,
        _whole(1, 86_400),
        "how long answers that are under way may take when the server stops",
        public=False,
    ),
)
"""Every setting, in the order in which the help lists them."""
