"""No module imports itself through others. Imports within functions and for type checkers count too."""

from pathlib import Path

import pytest

from tests.imports import ROOT, imported

TOPS = ("stages", "thesis", "experiments", "benchmarks")
ABOVE = {"stages": TOPS[1:], "thesis": TOPS[2:]}
"""Packages that a package imports nothing of."""


def test_there_is_no_circle() -> None:
    assert circles(imports()) == []


@pytest.mark.parametrize("top", ABOVE)
def test_imports_lead_down(top: str) -> None:
    """Commands import stages, and no stage imports a command."""
    pairs = [(module, name) for module, names in imports().items() for name in names]
    up = [pair for pair in pairs if _top(pair[0]) == top and _top(pair[1]) in ABOVE[top]]
    assert up == []


def test_a_circle_is_found() -> None:
    # a -> b -> c -> a, and d -> a, which nothing leads back to
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]


def imports() -> dict[str, set[str]]:
    """Each of our modules with those that it imports; the packages that contain it do not count."""
    files = {_module(file): file for top in TOPS for file in (ROOT / top).rglob("*.py")}
    return {
        module: {name for name in imported(file) if name in files and not f"{module}.".startswith(f"{name}.")}
        for module, file in files.items()
    }


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """Groups of modules that all lead to each other."""
    reached = {module: _reached(module, graph) for module in graph}
    found = {
        frozenset(other for other in reached[module] if module in reached[other])
        for module in graph
        if module in reached[module]
    }
    return sorted(map(set, found), key=sorted)


def _reached(module: str, graph: dict[str, set[str]]) -> set[str]:
    todo, seen = [*graph[module]], set[str]()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += graph[name]
    return seen


def _top(module: str) -> str:
    return module.partition(".")[0]


def _module(file: Path) -> str:
    path = file.relative_to(ROOT).with_suffix("")
    return ".".join((path.parent if path.name == "__init__" else path).parts)
