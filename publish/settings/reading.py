"""Reads settings from the command line, the environment and a file, in this order."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from publish import errors
from publish.settings.table import SETTINGS
from publish.settings.values import PREFIX, Setting, Settings


def read(
    environ: Mapping[str, str],
    given: Mapping[str, object],
    *,
    called: Mapping[str, str] = MappingProxyType({}),
) -> Settings:
    """Read the settings from an environment, from what was given by name, and from a file.

    What is given as `None` counts as not given. `called` tells how users know what was given
    otherwise than by the option of its name. Raises `SettingError` for a value that cannot
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
        place = called.get(setting.name, place) if place == setting.option else place
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
