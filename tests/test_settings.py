"""Settings from defaults, the environment and the command line."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish import errors, settings


def test_the_defaults_are_themselves_legal() -> None:
    read = settings.read({}, {})
    assert read.host == "127.0.0.1"
    assert read.port == 8000
    assert read.query_seconds == 10
    assert read.query_bytes == 64 * 1024 * 1024
    assert read.cors_origins == ("*",)
    assert read.base_url == ""


def test_the_table_and_the_value_name_the_same_settings_in_the_same_order() -> None:
    fields = [field.name for field in dataclasses.fields(settings.Settings)]
    assert fields == [setting.name for setting in settings.SETTINGS]


def test_the_environment_wins_over_the_default_and_the_command_line_over_both() -> None:
    environ = {"FOLKMOTE_PORT": "9000", "FOLKMOTE_QUERY_SECONDS": " 2.5 ", "PORT": "1"}
    assert settings.read(environ, {}).port == 9000
    assert settings.read(environ, {}).query_seconds == 2.5
    assert settings.read(environ, {"port": 9001, "query_seconds": None}).port == 9001
    assert settings.read(environ, {"port": 9001, "query_seconds": None}).query_seconds == 2.5


def test_an_address_loses_the_slash_at_its_end() -> None:
    given = {"base_url": "https://example.org/data/"}
    assert settings.read({}, given).base_url == "https://example.org/data"


def test_origins_are_read_one_by_one() -> None:
    given = {"cors_origins": "https://a.example, https://b.example:8443"}
    assert settings.read({}, given).cors_origins == ("https://a.example", "https://b.example:8443")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("port", "http", "give a whole number from 0 to 65535, such as `8000`"),
        ("port", "70000", "from 0 to 65535"),
        ("port", "-1", "from 0 to 65535"),
        ("port", "٣", "from 0 to 65535"),
        ("port", "9" * 5000, "from 0 to 65535"),
        ("query_seconds", "0", "a number of seconds above 0"),
        ("query_seconds", "nan", "a number of seconds above 0"),
        ("query_seconds", "inf", "a number of seconds above 0"),
        ("query_seconds", "soon", "a number of seconds above 0"),
        ("query_depth", "100000", "from 1 to 500"),
        ("base_url", "example.org", "give an address such as `https://example.org/data`"),
        ("base_url", "ftp://example.org", "give an address"),
        ("edit_url", "https://example.org/", "{path}"),
        ("edit_url", "javascript:{path}", "give an address"),
        ("base_url", "https://example.org/?a", "give an address"),
        ("base_url", "https://[example", "Invalid IPv6"),
        ("cors_origins", "https://a.example/path", "give `\\*` or origins"),
        ("default_graph", "all", "give `union`, `file` or nothing"),
        ("contact", "nobody", "give a mail address such as `data@example.org`"),
        ("contact", "a@example.org?cc=b@example.org", "give a mail address"),
        ("contact", "mailto:a@example.org", "give a mail address"),
        ("host", "http://x", "without a scheme"),
        ("host", "", "without a scheme"),
    ],
)
def test_an_impossible_value_is_refused_with_what_would_be_right(name, value, reason) -> None:
    with pytest.raises(errors.SettingError, match=reason) as caught:
        settings.read({f"FOLKMOTE_{name.upper()}": value}, {})
    assert f"`FOLKMOTE_{name.upper()}`" in str(caught.value)
    with pytest.raises(errors.SettingError, match=re.escape("`--" + name.replace("_", "-"))):
        settings.read({}, {name: value})


def test_a_slip_in_the_environment_is_named() -> None:
    slip = {"FOLKMOTE_QUERY_SECOND": "1"}
    with pytest.raises(errors.SettingError, match="did you mean `FOLKMOTE_QUERY_SECONDS`"):
        settings.read(slip, {})


def test_variables_that_are_no_settings_are_left_alone() -> None:
    settings.read({"FOLKMOTE_TEXT": "/a/file", "FOLKMOTE_SUITES": "/a/folder"}, {})


def test_an_option_that_is_no_setting_is_refused() -> None:
    with pytest.raises(errors.SettingError, match="there is no setting `colour`"):
        settings.read({}, {"colour": "red"})


def test_settings_cannot_be_changed_afterwards() -> None:
    read = settings.read({}, {})
    for setting in settings.SETTINGS:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(read, setting.name, setting.default)


# --- a file ----------------------------------------------------------------------------------

SPELLED = {
    "language": ("pt-BR", "pt-BR"),
    "base_url": ("https://example.org/data", "https://example.org/data"),
    "contact": ("data@example.org", "data@example.org"),
    "edit_url": ("https://example.org/{path}#L{line}", "https://example.org/{path}#L{line}"),
    "host": ("127.0.0.2", "127.0.0.2"),
    "default_graph": ("file", "file"),
    "store": ("http://127.0.0.1:7878/query", "http://127.0.0.1:7878/query"),
    "log_level": ("debug", "debug"),
    "cors_origins": (
        "https://a.example https://b.example",
        ["https://a.example", "https://b.example"],
    ),
    "trusted_proxies": ("10.0.0.0/8 192.0.2.1", ["10.0.0.0/8", "192.0.2.1"]),
}


def spelled(setting: settings.Setting) -> tuple[str, object]:
    """Give another value than the default, as a text and as TOML knows it."""
    if setting.name in SPELLED:
        return SPELLED[setting.name]
    if isinstance(setting.default, float):
        return "1.5", 1.5
    if isinstance(setting.default, int):
        value = setting.default + 1
        return str(value), value
    return "a text", "a text"


@pytest.mark.parametrize("setting", settings.SETTINGS, ids=lambda setting: setting.name)
def test_option_environment_and_file_say_the_same(setting, tmp_path: Path) -> None:
    if setting.name == "config":
        return
    text, value = spelled(setting)
    path = tmp_path / "settings.toml"
    path.write_text(f"{setting.name} = {json.dumps(value)}\n", encoding="utf-8")
    by_option = settings.read({}, {setting.name: text})
    assert by_option != settings.read({}, {})
    assert settings.read({setting.variable: text}, {}) == by_option
    by_file = settings.read({"FOLKMOTE_CONFIG": str(path)}, {})
    assert dataclasses.replace(by_file, config="") == by_option
    assert settings.read({}, {"config": str(path)}) == by_file


def test_an_option_wins_over_the_environment_which_wins_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("port = 9000\npage_size = 7\n", encoding="utf-8")
    environ = {"FOLKMOTE_CONFIG": str(path), "FOLKMOTE_PORT": "9001"}
    assert settings.read(environ, {"port": "9002"}).port == 9002
    assert settings.read(environ, {}).port == 9001
    assert settings.read(environ, {}).page_size == 7


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("port = 99999", "`port in .*settings.toml` cannot be `99999`; give a whole number"),
        ("query_second = 5", "no setting `query_second` .*did you mean `query_seconds`"),
        ('config = "other.toml"', "no setting `config`"),
        ("port = true", "give a text, a number or a list of texts"),
        ("[port]\na = 1", "give a text, a number or a list of texts"),
        ("port 9000", "is not TOML: .*line 1"),
    ],
)
def test_a_file_that_is_wrong_is_named(text: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(errors.SettingError, match=reason):
        settings.read({}, {"config": str(path)})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(errors.SettingError, match=r"cannot read .*No such file"):
        settings.read({}, {"config": str(tmp_path / "none.toml")})


ANY = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(["http://[", "https://a:b:c/", "::/0", "1/2", "*", "\x00", "٣", "1_000"]),
)


@given(st.sampled_from([one for one in settings.SETTINGS if one.name != "config"]), ANY)
def test_no_value_fails_in_another_way(setting: settings.Setting, value: str) -> None:
    try:
        read = settings.read({}, {setting.name: value})
    except errors.SettingError as error:
        assert setting.name.replace("_", "-") in str(error)
    else:
        # What was taken is taken again as it was read.
        assert getattr(read, setting.name) is not None


@pytest.mark.parametrize("value", ["../../etc/de", "d", "de_AT", "de/", ""])
def test_a_language_is_a_tag_and_leads_to_no_other_folder(value: str) -> None:
    with pytest.raises(errors.SettingError, match="give a language as BCP 47 spells it"):
        settings.read({}, {"language": value})
