"""The declared contrasts, and the rest."""

from collections.abc import Iterator, Sequence

from stages.common.tables.contrasts import ContrastRow
from stages.report.caveats import standing
from stages.report.comparing import smallest, what
from stages.report.declared import when_declared
from stages.report.inputs import Inputs
from stages.report.numbers import detected, p_value, rounded, signed
from stages.report.table import EMPTY, Column, Entry, Table, heads
from stages.report.tables.entries import of_drawn, shifted, texts

BRACKETS = (
    "Round brackets hold the null band: where the difference falls if the arms’ names mean nothing. "
    "Square brackets hold the interval of the true difference."
)
MOST = 20
"""Exploratory contrasts on the page; all are in metrics/tables/contrasts.csv."""


def contrasts(inputs: Inputs) -> Iterator[Table]:
    declared = [row for row in inputs.tables[ContrastRow] if row.kind == "declared"]
    order = [*(row for row in declared if row.primary), *(row for row in declared if not row.primary)]
    yield Table(
        "contrasts",
        "Declared contrasts, the primary one first",
        _columns("p after Holm", inputs),
        _rows(order, inputs),
        " ".join([BRACKETS, *when_declared(inputs)]),
    )
    others = sorted(
        (row for row in inputs.tables[ContrastRow] if row.kind != "declared"),
        key=lambda row: (row.p_adjusted, row.p),
    )
    note = (
        f"The {min(MOST, len(others))} smallest p-values of {len(others)}. These questions were not "
        "declared: the answers suggest, but do not show."
    )
    yield Table(
        "exploratory",
        "Exploratory contrasts",
        _columns("p after Benjamini–Hochberg", inputs),
        _rows(others[:MOST], inputs),
        note,
    )


def _columns(p: str, inputs: Inputs) -> list[Column]:
    key = "contrasts"
    return [
        Column("compared", key),
        Column("prompt", words=True),
        Column("arm a", words=True),
        Column("arm b", words=True),
        *heads(key, "a", "b", "b − a"),
        Column(p, key),
        Column(f"detected {detected(inputs.power)} if the true difference is", "minimum_effects"),
    ]


def _rows(rows: Sequence[ContrastRow], inputs: Inputs) -> list[list[Entry]]:
    return [
        [
            *texts(what(row), row.prompt, row.arm_a, row.arm_b),
            Entry(rounded(row.value_a), of_drawn(row.n_a, row.n_drawn_a)),
            Entry(rounded(row.value_b), of_drawn(row.n_b, row.n_drawn_b)),
            _difference(row),
            Entry(p_value(row.p_adjusted), standing(row, inputs) if _beyond(row, inputs) else ""),
            _least(row, inputs),
        ]
        for row in rows
    ]


def _beyond(row: ContrastRow, inputs: Inputs) -> bool:
    """Whether p is at most alpha; of declared contrasts alone, as only these are tested as questions."""
    return row.kind == "declared" and row.p_adjusted <= inputs.alpha


def _difference(row: ContrastRow) -> Entry:
    interval = "" if row.low is None or row.high is None else f"{signed(row.low)} to {signed(row.high)}"
    return shifted(row.difference, row.band_low, row.band_high, interval)


def _least(row: ContrastRow, inputs: Inputs) -> Entry:
    least = inputs.minimum_effect(row.contrast)
    return EMPTY if least is None else Entry(smallest(row, least.minimum_effect))
