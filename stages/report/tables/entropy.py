"""Whether shares lean on few levels."""

from collections.abc import Iterator

from stages.common.tables.fidelity import EntropyRow
from stages.report.glossary import slug
from stages.report.inputs import Inputs
from stages.report.table import EMPTY, Cell, Column, Table
from stages.report.tables.cells import BRACKETS, fewer, measured, readable_of


def entropy(inputs: Inputs) -> Iterator[Table]:
    """One table a prompt: one row an arm, one column a field."""
    for prompt in inputs.prompts_in_order:
        of_prompt = [row for row in inputs.tables[EntropyRow] if row.prompt == prompt]
        found = {(row.arm, row.field): _cell(row) for row in of_prompt}
        fields = list(dict.fromkeys(row.field for row in of_prompt))
        arms = [arm for arm in inputs.arms if any(row.arm == arm for row in of_prompt)]
        columns = [Column("arm"), Column("readable"), *(Column(field, "entropy") for field in fields)]
        by_arm = {row.arm: row for row in of_prompt}
        rows = [
            [
                Cell(arm),
                readable_of(by_arm[arm]),
                *(found.get((arm, field), EMPTY) for field in fields),
            ]
            for arm in arms
        ]
        yield Table(f"entropy-{slug(prompt)}", f"Entropy in bits, prompt {prompt}", columns, rows, BRACKETS)


def _cell(row: EntropyRow) -> Cell:
    return measured(row.entropy, row.band.ends, (row.low, row.high), fewer(row, row.n))
