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
from stages.report.tables.entries import number, of_arm, share, texts, whole

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


def names(inputs: Inputs) -> Iterator[Table]:
    """One row per arm: its name, and its id in files, parameters and commands."""
    columns = [Column("arm"), Column("called in files", words=True), Column("prompts", words=True)]
    asked = {arm: [row.prompt for row in inputs.tables[ValidityRow] if row.arm == arm] for arm in inputs.arms}
    rows = [texts(inputs.name(arm), arm, ", ".join(prompts)) for arm, prompts in asked.items()]
    yield Table("names", "The arms, and what files call them", columns, rows)


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
            of_arm(row.arm, inputs),
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
    words = f"of {many(row.n_conversations, 'conversation')}" if hanging else ""
    return Entry(count(row.n), words, values={"": row.n, "conversations": row.n_conversations})


def _ran(inputs: Inputs, condition: str) -> list[Entry]:
    data, training = inputs.data[condition], inputs.training[condition]
    counts = [data["n_people"], *(data["n"][split] for split in SPLITS), data["n_refused"]]
    steps = [training["n_steps"], training["best_step"]]
    loss = number(training["validation_loss"]["best"])
    return [*texts(condition), *map(whole, [*counts, *steps]), loss, whole(training["n_trained_parameters"])]
