"""What counts as the same code."""

import ast
from pathlib import Path

import pytest

from stages.shell.syntax import code_of, differing
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
        if found < 0:
            raise TooLong(f"{found} is below {len(self.name)}")
        return found or unfit("is nothing")
def halve(rate):
    if not rate:
        raise unfit("is zero")
def unfit(found: str) -> UserError:
    if found:
        return UserError(f"the rate {found}")
    return UserError("Set it to 2")
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
    "the words of another refusal": ("is below {len(self.name)}", "is negative"),
    "the words that a refusal is made of": ("is zero", "is 0"),
    "the words of a function that only refuses": ("the rate {found}", "it {found}"),
    "a number in such a function": ("it to 2", "it to 3"),
    "a condition in such a function": ("if found:", "if len(found) > 3:"),
    "what is printed": ('"doubled"', '"it doubled"'),
}
OTHER = {
    "a constant": ("= 0.5", "= 0.6", "RATE"),
    "an import": ("import Any", "import Any\nimport os", ""),
    "the type of a field": ("value: float", "value: int", "Rate"),
    "a default": ("by: int = 2", "by: int = 3", "Rate.double"),
    "a condition": ("found > 1", "found >= 1", "Rate.double"),
    "the kind of a refusal": ("raise UserError", "raise ValueError", "Rate.double"),
    "the words given to a refusal that is not raised": ("is nothing", "is empty", "Rate.double"),
    "where a refusal is raised": ("found < 0", "found < 1", "Rate.double"),
    "whether it refuses": ("if not rate", "if rate", "halve"),
    "what a function returns": (") -> UserError:", ") -> str:", "halve, unfit"),
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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rng.random()", "0"),
        ("next(rows)", "1"),
        ("sum(rows)", "2"),
        ("[row for row in rows]", "[]"),
        ("*rows", "rows"),
        ("(n := 3)", "(n := 4)"),
        ("(yield 1)", "(yield 2)"),
        ("len(rows.pop())", "len(rows)"),
        ("1, file=output", "2, file=output"),
        ("rows[0]", "rows"),
        ("1, **output", "2, **output"),
    ],
)
def test_a_print_that_does_more_than_show_counts(old: str, new: str) -> None:
    source = "def f(rng, rows, output):\n    print({})\n    return rng.random(), rows"
    assert differing(source.format(old), source.format(new)) == ["f"]
    words = source.replace("print(", "print('some words', ")
    if "output" not in old:
        assert differing(words.format(old), words.replace("some", "other").format(old)) == []


TYPES = "from collections.abc import Mapping as M\ndef f(x: M): return isinstance(x, M)"


@pytest.mark.parametrize(
    "other",
    [
        TYPES.replace("Mapping", "Sequence"),
        TYPES.split("\n")[1],
        TYPES.replace("abc import", "abc import Set,"),
    ],
)
def test_an_imported_type_that_code_uses_counts(other: str) -> None:
    assert differing(TYPES, other) == ([] if "Set" in other else [""])


CONDITIONAL = "class A:\n    if True:\n        value: {}"
SHADOWED = "class A:\n    rate = {}\nclass A:\n    other = 1"


@pytest.mark.parametrize(("source", "old", "new"), [(CONDITIONAL, "int", "float"), (SHADOWED, "1", "2")])
def test_a_field_counts_wherever_it_stands(source: str, old: str, new: str) -> None:
    assert differing(source.format(old), source.format(new))


def test_a_source_counts_by_its_encoding() -> None:
    latin = "# coding: latin-1\nNAME = 'ä'".encode("latin-1")
    assert code_of(latin) == code_of("NAME = 'ä'")
    with pytest.raises(SyntaxError):
        code_of(latin.partition(b"\n")[2])
