"""What `evaluate` wrote is what the report reads."""

from dataclasses import astuple, dataclass
from pathlib import Path

import pytest

from stages.common.files import write_text
from stages.common.tables.base import Row
from stages.common.tables.fidelity import DistributionRow
from stages.common.tables.registry import TABLES
from stages.evaluate.rows import rows_of
from stages.evaluate.study import evaluate
from stages.report.inputs import load_inputs
from stages.report.loading import read_rows
from stages.shell.errors import UserError
from tests.evaluate.fakes import FREE, INDOOR, study
from tests.report.study import completions


def flat(row: object) -> list[object]:
    found: list[object] = []
    for value in astuple(row):  # type: ignore[call-overload]
        found += value if isinstance(value, tuple) else [value]
    return found


def test_every_row_reads_back_as_it_was_written(cats: Path) -> None:
    tables = load_inputs().tables
    rows = evaluate(completions(), study(FREE, INDOOR)).rows
    kinds: list[type[Row]] = [*TABLES.values(), DistributionRow]
    for kind in kinds:
        written = [flat(row) for row in rows_of(kind, rows)]
        read = [flat(row) for row in tables[kind]]
        assert [len(read)] == [len(written)]
        for found, given in zip(read, written, strict=True):
            # numbers have 6 digits in a table
            assert found == [pytest.approx(x, rel=1e-5) if isinstance(x, float) else x for x in given]


@dataclass
class Level:
    level: str
    n: int | None


def test_an_empty_cell_is_none_where_none_is_allowed_and_na_is_a_level(tmp_path: Path) -> None:
    write_text(tmp_path / "levels.csv", "level,n,other\nNA,3,x\n,,y\n")
    assert read_rows(tmp_path / "levels.csv", Level) == [Level("NA", 3), Level("", None)]


def test_a_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.csv: not found"):
        read_rows(tmp_path / "none.csv", Level)
