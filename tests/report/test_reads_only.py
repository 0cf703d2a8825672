"""The report reads numbers and computes none: `evaluate` does that, where a test can know the answer.

Choosing the largest, sorting, counting rows and placing marks on a figure are no statistics.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.imports import ROOT, closure, imported, taken_from

REPORT = ROOT / "stages/report"
FILES = sorted(REPORT.rglob("*.py"))
DRAWING = {"loss_panel.py", "overview.py", "lettering.py", "style.py", "inline.py"}
"""Beside figures/: modules that place marks and letters, for which they calculate."""
LIBRARIES = {"numpy", "scipy", "statistics", "math", "cmath", "fractions", "decimal", "operator", "functools"}
HARMLESS = {"functools.cache", "functools.cached_property"}
NUMBERS = {
    "sum",
    "fsum",
    "pow",
    "mean",
    "median",
    "std",
    "var",
    "quantile",
    "cumsum",
    "agg",
    "describe",
    "eval",
}

ARITHMETIC = {
    "discussion.py": {"data['n_in'] - data['n_sampled']"},  # records of one file that were left out
    "inputs.py": {"1 / (1 - self.confidence)"},  # a param in other words
    "numbers.py": {"100 * share", "10 * power", "100 * power"},  # percent, times in 10
    "tables/fidelity.py": {"row.excess - (row.band.band_high or 0)"},  # which of them is named
}
"""All that modules of sentences and tables calculate: each of the values of one row or of a param."""


def is_drawing(file: Path) -> bool:
    return file.parent.name == "figures" or file.name in DRAWING


def operations(tree: ast.AST) -> Iterator[ast.BinOp | ast.AugAssign]:
    """The outermost ones: what stands within another is a part of it."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.BinOp | ast.AugAssign) and not is_joining(child):
            yield child
        else:
            yield from operations(child)


def is_joining(node: ast.BinOp | ast.AugAssign) -> bool:
    """Whether it joins paths, types or sets, not numbers."""
    if isinstance(node.op, ast.BitOr | ast.BitAnd):
        return True
    if isinstance(node, ast.AugAssign):
        return False
    if isinstance(node.op, ast.Div):
        return isinstance(node.right, ast.JoinedStr) or (
            isinstance(node.right, ast.Constant) and isinstance(node.right.value, str)
        )
    return isinstance(node.left, ast.Set | ast.SetComp)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(REPORT).as_posix())
def test_a_module_computes_no_statistic(file: Path) -> None:
    tree, name = ast.parse(file.read_text("utf-8")), file.relative_to(REPORT).as_posix()
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert names & NUMBERS == set()
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Pow)]
    if not is_drawing(file):
        assert {ast.unparse(node) for node in operations(tree)} == ARITHMETIC.get(name, set())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(REPORT).as_posix())
def test_a_module_imports_nothing_that_computes(file: Path) -> None:
    names = {*imported(file)} - HARMLESS - {"functools"}
    assert {name for name in names if name.split(".")[0] in LIBRARIES} == set()
    assert {name for name in names if name.startswith(("stages.evaluate", "stages.prepare"))} == set()


def test_of_common_modules_that_compute_only_constants_are_taken() -> None:
    """`stages.common.levels` knows the names of missing levels, and how to count shares too."""
    common = [ROOT / file for file in closure("stages.report") if file.startswith("stages/common/")]
    computing = {file.stem for file in common if "numpy" in imported(file)}
    assert computing == {"levels"}
    taken = {pair for file in FILES for pair in taken_from(file, "stages.common") if pair[0] in computing}
    assert {name for _, name in taken if not name.isupper()} == set()


@pytest.mark.parametrize(
    "cheat",
    [
        "n = 0\nfor row in rows:\n    n += row.n",
        "n = rows[0].n + rows[1].n",
        "share = row.n / len(rows)",
        "high = 1 - 0.05 ** (1 / row.n)",
    ],
)
def test_what_would_compute_is_found(cheat: str) -> None:
    assert [*operations(ast.parse(cheat))]
