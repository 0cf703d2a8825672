"""What counts as the same code."""

import ast
import re
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
        ("3 in rows", "3"),
        ("sum(rows) if output else 1", "sum(rows) if rng else 1"),
        ("output and sum(rows)", "rng and sum(rows)"),
        ("1 < output < sum(rows)", "2 < output < sum(rows)"),
        ("lambda: sum(rows)", "sum(rows)"),
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
    named = "# coding: latin-1\nNAME = 'ä'".encode()
    assert differing(named, named.replace(b"latin-1", b"utf-8")) == ["NAME"]
    with pytest.raises(SyntaxError):
        code_of(latin.partition(b"\n")[2])


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        ("def f():\n    '{}'\nNAME = f.__doc__", "a", "b"),
        ("RATE: {} = 1\nKIND = __annotations__", "int", "float"),
        ("def f(x: {}): return x\ng = validate_call(f)", "int", "float"),
        ("def f(x) -> {}: return x\nText = Annotated[int, PlainSerializer(f)]", "int", "str"),
        ("from x import cache\n@cache\ndef f(x: {}): return x", "int", "float"),
        ("from x import print\nprint({})", "1", "2"),
        ("def print(x): ROWS.append(x)\nprint({})", "1", "2"),
        ("def f(rows, str):\n    print(str({}))", "1", "2"),
        ("from x import UserError\ndef f():\n    raise UserError({})", "1", "2"),
    ],
)
def test_what_is_read_at_run_time_or_renamed_counts(source: str, old: str, new: str) -> None:
    assert differing(source.format(old), source.format(new))


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        ("from typing import {} as Kind\nclass A:\n    value: 'Kind'", "Any", "SupportsInt"),
        ("from typing import {}\nclass A:\n    value: Any", "Any", "*"),
        ("from stages.shell{} import f", "1", "2"),
    ],
)
def test_an_import_counts_where_something_may_need_it(source: str, old: str, new: str) -> None:
    assert differing(source.format(old), source.format(new)) == [""]


def test_a_variable_may_be_called_like_a_decorator() -> None:
    source = "def f(cache, mistakes):\n    '{}'\n    return cache"
    assert differing(source.format("a"), source.format("b")) == []


def test_a_corrected_docstring_costs_no_training() -> None:
    """Unless a module reads it at run time, or has its own `print`."""
    odd = set()
    for file in (ROOT / "stages").rglob("*.py"):
        source = file.read_text("utf-8")
        if differing(source, f"'Another docstring.'\n{source}"):
            odd.add(file.relative_to(ROOT).as_posix())
    assert odd <= {"stages/shell/errors.py"}


def test_no_text_of_a_refusal_becomes_a_result() -> None:
    """The text does not count as code. Each of these adds to it and refuses in turn, or drops it."""
    found = {
        file.relative_to(ROOT / "stages").as_posix()
        for file in (ROOT / "stages").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and node.type
        if re.search("UserError|NotKept|TooLong|TooSlow", ast.unparse(node.type))
    }
    assert {name for name in found if not name.startswith("shell/")} == {
        "collect/reading.py",
        "collect/rows.py",
        "common/llm/kept.py",
        "common/llm/pairs.py",
        "common/llm/template.py",
        "common/patterns.py",
        "prepare/prepared.py",
        "prepare/reading.py",
        "train/sealing.py",
    }
