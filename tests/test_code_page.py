"""docs/code.md names only what is there, and its recipe for a metric leads to a table on the page."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.report.study import TUNED, Page
from tests.tiny import ROOT

PAGE = (ROOT / "docs/code.md").read_text("utf-8")
COPIED = ("stages", "tests", "docs", "dvc.yaml", "pyproject.toml")

NO_FILES = [".work/runs/", "claude/original"]
"""Named on the page, and in no clone: scratch, and an arm."""

ROW = '''

@dataclass(frozen=True, kw_only=True)
class FilledRow(ReadRow):
    """filled.csv; n = profiles parsed."""

    independent = ()

    n: int
    mean: float
    """Of the fields that a profile has, with another value than null."""
'''
FAMILY = '''"""How many fields does a profile fill?"""

from collections.abc import Iterator

from stages.common.fields import MISSING, get
from stages.common.tables.base import NotComputed, Row
from stages.common.tables.format import FilledRow
from stages.evaluate.cells import Cell, Study


def filled(cell: Cell, study: Study) -> Iterator[Row]:
    if not cell.profiles:
        yield NotComputed(**cell.where, table="filled", reason="no profile parsed")
        return
    paths = [field.path for field in study.schema.fields]
    n = sum(get(profile, path) not in (MISSING, None) for profile in cell.profiles for path in paths)
    yield FilledRow(**cell.where, n=len(cell.profiles), mean=n / len(cell.profiles))
'''
TABLE = '''

def filled(inputs: Inputs) -> Iterator[Table]:
    """One row per cell."""
    rows = [[*texts(row.arm, row.prompt), number(row.mean)] for row in inputs.tables[FilledRow]]
    yield Table("filled", "Fields that a profile fills", [*map(Column, ("arm", "prompt", "filled"))], rows)
'''
TEST = """from stages.common.tables.format import FilledRow
from stages.evaluate.rows import rows_of
from stages.evaluate.study import evaluate
from tests.evaluate.fakes import cat, draws, study


def test_null_fills_no_field():
    # 6 fields of the first cat, 5 of the second
    found = evaluate(draws(cat(), cat(tame=None)), study())
    assert [row.mean for row in rows_of(FilledRow, found.rows)] == [5.5]
"""
REPORT = """from pathlib import Path

from stages.report.__main__ import main
from tests.report.study import completions, write_study

write_study(Path.cwd(), completions())
main()
"""


DEPS = """import yaml
from tests.imports import as_deps, closure

listed = yaml.safe_load(open("dvc.yaml", encoding="utf-8"))["stages"]
for stage in ("evaluate", "report"):
    deps = {dep for dep in listed[stage]["deps"] if dep.startswith("stages/")}
    assert deps == as_deps(closure(f"stages.{stage}"), f"stages.{stage}")
"""


def added(beginning: str, line: str) -> Callable[[str], str]:
    """Put a line before the only one that begins so."""

    def change(text: str) -> str:
        assert text.count(f"\n{beginning}") == 1, beginning
        return text.replace(f"\n{beginning}", f"\n{line}\n{beginning}")

    return change


def imported(line: str, change: Callable[[str], str]) -> Callable[[str], str]:
    """Also import a name, after the docstring of the module."""
    return lambda text: change(text).replace("\n\nfrom ", f"\n\n{line}\nfrom ", 1)


def at_end(addition: str) -> Callable[[str], str]:
    return lambda text: text + addition


RECIPE = {
    "stages/common/tables/format.py": at_end(ROW),
    "stages/common/tables/registry.py": added('    "presence":', '    "filled": forms.FilledRow,'),
    "stages/evaluate/format/filled.py": at_end(FAMILY),
    "stages/evaluate/families.py": imported(
        "from stages.evaluate.format.filled import filled", added("    presence,", "    filled,")
    ),
    "docs/method.md": added("| presence (", "| filled (`filled`) | fields that are filled | fields | |"),
    "stages/report/tables/format.py": imported(
        "from stages.common.tables.format import FilledRow", at_end(TABLE)
    ),
    "stages/report/tables/registry.py": imported(
        "from stages.report.tables.format import filled", added("    rules,", "    filled,")
    ),
    "stages/report/written.py": lambda text: text.replace('("arms", ', '("arms", "filled", '),
    "tests/evaluate/format/test_filled.py": at_end(TEST),
}
"""What each file of the recipe gets, for a metric `filled` of the room `format`."""


def test_every_path_on_the_page_is_there() -> None:
    paths = [path for path in re.findall(r"`([\w./-]+)`", PAGE) if re.search(r"/|\.yaml$", path)]
    made = set(re.findall(r"^\s+- /?(\S+?)/?:?$", (ROOT / "dvc.yaml").read_text("utf-8"), re.MULTILINE))
    absent = [path for path in paths if not (ROOT / path).exists() and path.rstrip("/") not in made]
    assert set(absent) <= set(NO_FILES)


def test_every_recipe_is_short() -> None:
    recipes = re.findall(r"^### … .*?\n\n(.*?)\n\n", PAGE, re.MULTILINE | re.DOTALL)
    assert len(recipes) == 4
    assert all(len(recipe.splitlines()) <= 10 for recipe in recipes)


def test_the_recipe_for_a_metric_leads_to_a_table_on_the_page(tmp_path: Path) -> None:
    recipe = PAGE.split("### … a metric")[1].split("###")[0]
    named = re.findall(r"^\d\. `(.*?)`", recipe, re.MULTILINE)
    assert [name.replace("<room>", "format").replace("<name>", "filled") for name in named] == [*RECIPE]
    copy = tmp_path / "copy"
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    for name, change in RECIPE.items():
        file = copy / name
        file.write_text(change(file.read_text("utf-8") if file.exists() else ""), "utf-8")
    own = ["tests/evaluate/format/test_filled.py", "tests/test_method.py"]
    run(copy, copy, "-m", "pytest", "-n0", "-q", *own)
    run(copy, copy, "-c", DEPS)
    study = tmp_path / "study"
    study.mkdir()
    run(copy, study, "-c", REPORT)
    page = Page((study / "reports/report.html").read_text("utf-8"))
    assert [TUNED, "any-cat", "6.00"] in page.tables["table-filled"]


def run(code: Path, folder: Path, *words: str) -> None:
    """Run Python in `folder`, with the modules of `code`."""
    env = {**os.environ, "PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
