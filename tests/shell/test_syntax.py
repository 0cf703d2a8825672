"""What counts as the same code."""

import ast
from pathlib import Path

import pytest

from stages.shell.syntax import code_of, code_sha256, differing
from tests.imports import ROOT

SOURCE = '''
"""A module."""
from typing import Any
RATE: float = 0.5
class Rate:
    """A class."""
    value: float
    """A field."""
    def double(self, by: int = 2) -> float:
        """Twice."""
        found: float = self.value * by  # a comment
        if found > 1:
            raise UserError(f"{found} is more than 1")
        print("doubled", file=sys.stderr)
        return found
'''
SAME = {
    "a comment": ("# a comment", "# another"),
    "the docstring of a module": ("A module.", "A file."),
    "the docstring of a class": ('"""A class."""', ""),
    "the docstring of a field": ('"""A field."""', '"""Another."""'),
    "the docstring of a function": ('"""Twice."""', '"""Double."""'),
    "the type of an argument": ("by: int = 2", "by=2"),
    "the type of a result": (") -> float:", "):"),
    "the type of a variable": ("found: float =", "found ="),
    "the type of a constant": ("RATE: float = 0.5", "RATE = 0.5"),
    "an import for types": ("import Any", "import Any, Final"),
    "formatting": ("self.value * by", "(self.value\n            * by)"),
    "the words of a refusal": ("is more than 1", "exceeds 1"),
    "what is printed": ('"doubled"', '"it doubled"'),
}
OTHER = {
    "a constant": ("= 0.5", "= 0.6", "RATE"),
    "an import": ("import Any", "import Any\nimport os", ""),
    "the type of a field": ("value: float", "value: int", "Rate"),
    "a default": ("by: int = 2", "by: int = 3", "Rate.double"),
    "a condition": ("found > 1", "found >= 1", "Rate.double"),
    "the kind of a refusal": ("raise UserError", "raise ValueError", "Rate.double"),
    "a name": ("def double", "def twice", "Rate, Rate.double, Rate.twice"),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same_code(case: str) -> None:
    old, new = SAME[case]
    assert SOURCE.count(old) == 1
    assert differing(SOURCE, SOURCE.replace(old, new)) == []


@pytest.mark.parametrize("case", OTHER)
def test_other_code_is_named(case: str) -> None:
    old, new, names = OTHER[case]
    assert SOURCE.count(old) == 1
    assert ", ".join(differing(SOURCE, SOURCE.replace(old, new))) == names


@pytest.mark.parametrize("file", sorted((ROOT / "stages").rglob("*.py")), ids=lambda file: file.name)
def test_a_source_without_comments_and_formatting_is_the_same(file: Path) -> None:
    source = file.read_text("utf-8")
    assert differing(source, ast.unparse(ast.parse(source))) == []
    assert "" in code_of(source)


def test_a_folder_is_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.yaml").write_text("x: 1\n")
    first = code_sha256(tmp_path)
    (tmp_path / "a.py").write_text("x = 1  # one\n")
    assert code_sha256(tmp_path) == first
    (tmp_path / "b.yaml").write_text("x: 1  # one\n")
    assert code_sha256(tmp_path) != first
