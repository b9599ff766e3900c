"""The bones: which module knows which, how long a function is, and that nothing lives at module level."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import publish

ROOT = Path(__file__).parent.parent
PACKAGE = Path(publish.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "shipped" not in path.parts)
HEAVY = {"fastapi", "starlette", "jinja2", "uvicorn", "rdflib", "pyshacl", "shacl"}

# What a module may make once, when it is read: values that nobody can change afterwards.
UNCHANGING = {
    "Format",  # frozen
    "MappingProxyType",
    "NamedNode",
    "ParamSpec",
    "Path",
    "Place",  # frozen
    "Struct",
    "TypeVar",
    "bytes",
    "compile",
    "frozenset",
    "getLogger",
    "join",
    "namedtuple",
    "tuple",
}


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> Iterator[str]:
    """Give the modules of the package that one of its files imports, at whatever depth."""
    known = {name_of(module) for module in MODULES}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                if full in known:
                    yield full
                elif node.module in known:
                    yield node.module


def run_isolated(code: str) -> str:
    # -I keeps the current folder off the path, so that the installed package answers.
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_contracts_of_imports_are_kept() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([command], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {name_of(path): set(imported(path)) - {name_of(path)} for path in MODULES}
    graphlib.TopologicalSorter(graph).prepare()


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, publish; print(*sorted(name.partition('.')[0] for name in sys.modules))"
    assert not HEAVY & set(run_isolated(code).split())


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["serve", "--help"]])
def test_help_is_given_without_loading_anything_heavy(arguments: list[str]) -> None:
    code = f"""
import sys
from publish.cli import main
sys.argv = ["folkmote", *{arguments!r}]
try:
    main()
except SystemExit:
    pass
print("loaded:", *sorted(name.partition(".")[0] for name in sys.modules))
"""
    shown, _, loaded = run_isolated(code).rpartition("loaded:")
    assert "folkmote" in shown
    assert not HEAVY & set(loaded.split())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_function_is_longer_than_eighty_lines(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= 80, f"{path.name}:{node.lineno}: {node.name} has {lines} lines"


def changing(value: ast.expr) -> bool:
    """Say whether an expression makes something that can be changed later."""
    displays = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
    if isinstance(value, displays | ast.GeneratorExp):
        return True
    if not isinstance(value, ast.Call):
        return False
    called = value.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name not in UNCHANGING


def module_state(tree: ast.Module) -> Iterator[int]:
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and changing(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if [getattr(target, "id", "") for target in targets] != ["__all__"]:
                yield node.lineno
    for inner in ast.walk(tree):
        if isinstance(inner, ast.Global):
            yield inner.lineno
        if isinstance(inner, ast.FunctionDef):
            kept = (ast.unparse(decorator) for decorator in inner.decorator_list)
            if any("lru_cache" in name or name.endswith("cache") for name in kept):
                yield inner.lineno


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_that_changes_lives_at_module_level(path: Path) -> None:
    lines = list(module_state(ast.parse(path.read_text(encoding="utf-8"))))
    assert not lines, f"{path.name}: state at module level in lines {lines}"


def test_every_module_is_in_the_drawing_for_contributors():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"\w+", text.partition("```mermaid")[2].partition("```")[0]))
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    whole, web, *_ = contracts["tool"]["importlinter"]["contracts"]
    layers = [*whole["layers"], *web["layers"]]
    modules = {name for layer in layers for name in layer.split(" | ")} - {"__main__"}
    assert len(modules) > 80
    assert modules - drawn == set()
