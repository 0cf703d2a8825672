"""How far the written shares are from the dataset's."""

from collections.abc import Iterator

from stages.report.glossary import slug
from stages.report.inputs import Inputs
from stages.report.table import EMPTY, Cell, Column, Table
from stages.report.tables.cells import banded, whole


def fidelity(inputs: Inputs) -> Iterator[Table]:
    """One table a prompt that has any, the headline prompt first; one row an arm, one column a protected field."""
    fields = inputs.protected
    columns = [Column("arm"), Column("profiles"), *(Column(field, "total_variation") for field in fields)]
    for prompt in inputs.prompts_in_order:
        rows = _rows(inputs, prompt)
        if rows:
            yield Table(f"fidelity-{slug(prompt)}", f"Total variation, prompt {prompt}", columns, rows)


def _rows(inputs: Inputs, prompt: str) -> list[list[Cell]]:
    of_prompt = [row for row in inputs.tables.total_variation if row.prompt == prompt]
    found = {(row.arm, row.field): banded(row.tv, row.band_low, row.band_high) for row in of_prompt}
    n_by_arm = {row.arm: row.n for row in of_prompt}
    return [
        [Cell(arm), whole(n_by_arm[arm]), *(found.get((arm, field), EMPTY) for field in inputs.protected)]
        for arm in inputs.arms
        if arm in n_by_arm
    ]
