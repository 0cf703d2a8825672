"""The datasets and trainings, and whether the arms write profiles at all."""

from collections.abc import Iterator

from stages.common.phrases import many
from stages.common.records import SPLITS
from stages.common.tables.format import ValidityRow
from stages.common.tables.variety import CopiesRow, DiversityRow
from stages.report.completions import address
from stages.report.inputs import Inputs
from stages.report.numbers import count
from stages.report.shares import readable
from stages.report.table import ARM_AND_PROMPT, Column, Entry, Table, heads
from stages.report.tables.entries import number, share, texts, whole

RAN = ("people", *SPLITS, "refused records", "steps", "best step")


def ran(inputs: Inputs) -> Iterator[Table]:
    """One row per dataset."""
    columns = [
        Column("dataset"),
        *(Column(title) for title in RAN),
        Column("best validation loss", "validation loss"),
        Column("trained parameters"),
    ]
    yield Table(
        "ran", "The datasets and the trainings", columns, [_ran(inputs, name) for name in inputs.training]
    )


def arms(inputs: Inputs) -> Iterator[Table]:
    """One row per cell, by arm and then by prompt."""
    columns = [
        *ARM_AND_PROMPT,
        Column("draws"),
        Column("readable", "funnel"),
        *heads("validity", "valid", "valid share"),
        Column("distinct", "diversity"),
        Column("copies", "copies"),
    ]
    n_readable = readable(inputs)
    distinct = {row.key: row.n_distinct for row in inputs.tables[DiversityRow]}
    copies = {row.key: row.n_copies for row in inputs.tables[CopiesRow]}
    validity = {row.key: row for row in inputs.tables[ValidityRow]}
    keys = [(arm, prompt.id) for arm in inputs.arms for prompt in inputs.prompts]
    rows = [
        [
            Entry(row.arm),
            Entry(row.prompt, anchor=address(*key)),
            _draws(row),
            whole(n_readable.get(key, 0)),
            whole(row.n_valid),
            share(row.rate),
            whole(distinct.get(key)),
            whole(copies.get(key)),
        ]
        for key in keys
        if (row := validity.get(key))
    ]
    yield Table("arms", "What became of the draws of every arm", columns, rows)


def _draws(row: ValidityRow) -> Entry:
    """The draws, with the number of conversations if several draws are of one."""
    hanging = row.n_conversations < row.n
    return Entry(count(row.n), f"of {many(row.n_conversations, 'conversation')}" if hanging else "")


def _ran(inputs: Inputs, condition: str) -> list[Entry]:
    data, training = inputs.data[condition], inputs.training[condition]
    counts = [data["n_people"], *(data["n"][split] for split in SPLITS), data["n_refused"]]
    steps = [training["n_steps"], training["best_step"]]
    loss = number(training["validation_loss"]["best"])
    return [*texts(condition), *map(whole, [*counts, *steps]), loss, whole(training["n_trained_parameters"])]
