"""Whether an arm answers a prompt in the same way, and sources differ."""

from collections.abc import Iterator

from stages.common.look import writer_name
from stages.common.tables.base import ALL
from stages.common.tables.consistency import AgreementRow, LikenessRow, PermanovaRow
from stages.report.inputs import Inputs
from stages.report.table import Column, Entry, Table, heads
from stages.report.tables.by_field import by_field
from stages.report.tables.entries import (
    banded,
    between,
    counted,
    measured,
    number,
    of_arm,
    probability,
    whole,
)


def likeness(inputs: Inputs) -> Iterator[Table]:
    """One row per arm: are two answers to one prompt more alike than answers to two prompts?"""
    columns = [
        Column("arm"),
        Column("profiles"),
        Column("prompts"),
        *heads("likeness", "alike within a prompt", "alike between prompts", "difference", "its interval"),
    ]
    rows = [
        [
            of_arm(row.arm, inputs),
            counted(row, row.n),
            whole(row.n_prompts),
            number(row.within),
            number(row.between),
            banded(row.difference, row.band.ends, above_only=False),
            between((row.low, row.high)),
        ]
        for row in inputs.by_arm(inputs.tables[LikenessRow])
    ]
    yield Table(
        "likeness",
        "Answers to one prompt against answers to different prompts",
        columns,
        rows,
        "Brackets hold the null band: where the difference falls if the prompt has no effect.",
    )


def sources(inputs: Inputs) -> Iterator[Table]:
    """One row per comparison: how much of the differences between profiles is due to who wrote them."""
    columns = [
        Column("sources"),
        Column("prompt", words=True),
        Column("profiles"),
        *heads("permanova", "share explained", "its interval", "by chance up to", "p"),
    ]
    rows = [
        [
            _writers(row.sources, inputs),
            Entry(row.prompt),
            *(counted(row, row.n), number(row.r2), between((row.low, row.high)), number(row.band_high)),
            probability(row.p),
        ]
        for row in inputs.tables[PermanovaRow]
    ]
    yield Table(
        "sources", "How much of the differences between profiles comes from who wrote them", columns, rows
    )


def agreement(inputs: Inputs) -> Iterator[Table]:
    """One row per arm, one column per field."""
    title = "Agreement of answers to one prompt, beyond chance (Fleiss’ kappa)"
    yield by_field("agreement", title, "agreement", inputs.tables[AgreementRow], _kappa, inputs)


def _kappa(row: AgreementRow) -> Entry:
    n = f"{row.n} prompts, {row.n_used} of each"
    counts = {"prompts": row.n, "of each": row.n_used}
    return measured(row.kappa, row.band.ends, (row.low, row.high), n, counts)


def _writers(sources: str, inputs: Inputs) -> Entry:
    """The names of sources that a row compares, or of all of them."""
    names = [one if one == ALL else writer_name(f"{one}/none", inputs.base) for one in sources.split(" | ")]
    return Entry(" | ".join(names), values={"": sources})
