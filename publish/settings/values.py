"""What a setting is, and what all of them are once they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PREFIX = "FOLKMOTE_"
"""What the name of every environment variable of ours begins with."""
TEXTS = "texts"
"""The folder within one of a data set that may have texts of the interface in other languages."""


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
