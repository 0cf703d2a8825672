"""Whether profiles fit together in themselves, and follow their prompt."""

from collections.abc import Iterator

from stages.report.inputs import Inputs
from stages.report.numbers import p_value, percent
from stages.report.rows.format import RuleRow
from stages.report.table import EMPTY, Cell, Column, Table
from stages.report.tables.cells import banded, number, share, texts, whole

ANY = "(any)"


def rules(inputs: Inputs) -> Iterator[Table]:
    """One row a cell: profiles that break at least one rule, beside the dataset's own rate."""
    columns = [
        Column("arm"),
        Column("prompt", words=True),
        Column("profiles"),
        Column("a rule applies to", "rules"),
        Column("break a rule", "rules"),
        Column("share", "rules"),
        Column("of the dataset’s people", "rules"),
        Column("most often", "rules", words=True),
    ]
    found = {(*row.key, row.of, row.rule): row for row in inputs.tables.rules}
    keys = [(arm, prompt) for arm in inputs.arms for prompt in inputs.prompts_in_order]
    rows = []
    for key in keys:
        row = found.get((*key, "generated", ANY))
        if row is not None:
            own = found.get((*key, "reference", ANY))
            there = Cell(percent(own.rate)) if own else EMPTY
            rows.append(
                [
                    *texts(*key),
                    whole(row.n),
                    whole(row.n_applies),
                    whole(row.n_broken),
                    share(row.rate, row.low, row.high),
                    there,
                    Cell(_worst([one for one in found.values() if one.key == key])),
                ]
            )
    yield Table("rules", "Profiles that contradict themselves", columns, rows)


def adherence(inputs: Inputs) -> Iterator[Table]:
    """One row an arm, prompt and fixed field."""
    columns = [
        Column("arm"),
        Column("prompt", words=True),
        Column("asked for"),
        Column("draws"),
        Column("have the field", "adherence"),
        Column("as asked", "adherence"),
        Column("share", "adherence"),
    ]
    order = {arm: place for place, arm in enumerate(inputs.arms)}
    rows = [
        [
            *texts(row.arm, row.prompt, row.field),
            whole(row.n),
            whole(row.n_compared),
            whole(row.n_agree),
            share(row.rate, row.low, row.high),
        ]
        for row in sorted(inputs.tables.adherence, key=lambda row: order.get(row.arm, len(order)))
    ]
    yield Table("adherence", "What a prompt asked for, and got", columns, rows)


def _worst(rows: list[RuleRow]) -> str:
    own = [row for row in rows if row.of == "generated" and row.rule != ANY and row.n_broken]
    if not own:
        return ""
    worst = max(own, key=lambda row: row.n_broken)
    return f"{worst.rule} ({worst.n_broken})"


def likeness(inputs: Inputs) -> Iterator[Table]:
    """One row an arm: are two answers to one prompt more alike than answers to two prompts?"""
    key = "likeness"
    columns = [
        Column("arm"),
        Column("profiles"),
        Column("prompts"),
        Column("alike within a prompt", key),
        Column("alike between prompts", key),
        Column("difference", key),
    ]
    order = {arm: place for place, arm in enumerate(inputs.arms)}
    rows = [
        [
            Cell(row.arm),
            whole(row.n),
            whole(row.n_prompts),
            number(row.within),
            number(row.between),
            banded(row.difference, row.band_low, row.band_high, above_only=False),
        ]
        for row in sorted(inputs.tables.likeness, key=lambda row: order.get(row.arm, len(order)))
    ]
    yield Table(
        "likeness",
        "Answers to one prompt against answers to different prompts",
        columns,
        rows,
        "In brackets the null band: where the difference falls if the prompt made none.",
    )


def sources(inputs: Inputs) -> Iterator[Table]:
    """One row a comparison: how much of the differences between profiles is due to who wrote them."""
    key = "permanova"
    columns = [
        Column("sources"),
        Column("prompt", words=True),
        Column("profiles"),
        Column("share explained", key),
        Column("p", key),
    ]
    rows = [
        [*texts(row.sources, row.prompt), whole(row.n), Cell(percent(row.r2)), Cell(p_value(row.p))]
        for row in inputs.tables.permanova
    ]
    yield Table(
        "sources", "How much of the differences between profiles comes from who wrote them", columns, rows
    )
