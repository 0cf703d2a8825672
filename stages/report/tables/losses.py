"""How well people are predicted whom no training saw."""

from collections.abc import Iterator

from stages.common.records import CONDITIONS
from stages.report.inputs import Inputs
from stages.report.numbers import rounded, span
from stages.report.table import EMPTY, Cell, Column, Table
from stages.report.tables.cells import whole

LOSS_SPLIT = "test"


def losses(inputs: Inputs) -> Iterator[Table]:
    """One row a dataset, one column an arm."""
    by_data = inputs.score.get(LOSS_SPLIT, {})
    arms = loss_arms(inputs)
    columns = [Column("test profiles of"), Column("people"), *(Column(arm, "score") for arm in arms)]
    rows = [
        [Cell(data), _people(by_data[data]), *(_cell(by_data[data].get(arm)) for arm in arms)]
        for data in CONDITIONS
        if by_data.get(data)
    ]
    yield Table("losses", "Loss of unseen people, nats per completion token", columns, rows)


def loss_arms(inputs: Inputs) -> list[str]:
    by_data = inputs.score.get(LOSS_SPLIT, {})
    return list(dict.fromkeys(arm for condition in CONDITIONS for arm in by_data.get(condition, {})))


def _people(cells: dict[str, dict[str, float]]) -> Cell:
    return whole(int(next(iter(cells.values()))["n"]))


def _cell(found: dict[str, float] | None) -> Cell:
    if found is None:
        return EMPTY
    return Cell(rounded(found["loss"]), span(found["low"], found["high"]) if "low" in found else "")
