"""Values that are new: not in the schema, or never in the training data."""

from collections.abc import Iterator

from stages.common.tables.format import DomainRow
from stages.report.inputs import Inputs
from stages.report.numbers import count
from stages.report.table import ARM_AND_PROMPT, Column, Table, heads
from stages.report.tables.entries import counted, of_cell, of_people, share, texts, whole

WHERE = {"schema": "the schema", "training": "the training data"}


def domain(inputs: Inputs) -> Iterator[Table]:
    """One row per cell, field and kind of domain where any value lies outside."""
    key = "domain"
    columns = [
        *ARM_AND_PROMPT,
        Column("field"),
        Column("outside of", key, words=True),
        Column("profiles with the field"),
        *heads(key, "outside", "share", "of the dataset’s people"),
    ]
    found = {(*row.key, row.field, row.outside, row.of): row for row in inputs.tables[DomainRow]}
    generated = [row for row in found.values() if row.of == "generated"]
    rows = [
        [
            *of_cell(row.key, inputs),
            *texts(row.field, WHERE.get(row.outside, row.outside)),
            counted(row, row.n),
            whole(row.n_outside),
            share(row.rate),
            of_people(found.get((*row.key, row.field, row.outside, "dataset"))),
        ]
        for row in inputs.by_arm(generated)
        if row.n_outside
    ]
    note = f"The table lists those of {count(len(generated))} checks that found a value outside."
    yield Table("domain", "Values that are outside of what is known", columns, rows, note)
