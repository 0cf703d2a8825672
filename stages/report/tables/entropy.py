"""How evenly an arm uses the levels of a field."""

from collections.abc import Iterator

from stages.common.tables.fidelity import EntropyRow
from stages.report.glossary import slug
from stages.report.inputs import Inputs
from stages.report.table import Entry, Table
from stages.report.tables.by_field import by_field
from stages.report.tables.entries import fewer, measured


def entropy(inputs: Inputs) -> Iterator[Table]:
    """One table per prompt: one row per arm, one column per field."""
    for prompt in inputs.prompts_in_order:
        rows = [row for row in inputs.tables[EntropyRow] if row.prompt == prompt]
        name, caption = f"entropy-{slug(prompt)}", f"Entropy in bits, prompt {prompt}"
        yield by_field(name, caption, "entropy", rows, _cell, inputs)


def _cell(row: EntropyRow) -> Entry:
    return measured(row.entropy, row.band.ends, (row.low, row.high), fewer(row, row.n), {"n": row.n})
