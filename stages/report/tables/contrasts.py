"""The declared contrasts, and the rest."""

from collections.abc import Iterator, Sequence

from stages.common.tables.contrasts import ContrastRow
from stages.report.caveats import standing
from stages.report.comparing import smallest, what
from stages.report.declared import when_declared
from stages.report.inputs import Inputs
from stages.report.numbers import detected, p_value, rounded
from stages.report.table import EMPTY, Column, Entry, Table, heads
from stages.report.tables.entries import known, of_arm, of_drawn, shifted, texts

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
            *texts(what(row), row.prompt),
            *(of_arm(arm, inputs) for arm in (row.arm_a, row.arm_b)),
            _value(row.value_a, row.n_a, row.n_drawn_a),
            _value(row.value_b, row.n_b, row.n_drawn_b),
            shifted(row.difference, (row.band_low, row.band_high), (row.low, row.high)),
            _probability(row, inputs),
            _least(row, inputs),
        ]
        for row in rows
    ]


def _beyond(row: ContrastRow, inputs: Inputs) -> bool:
    """Whether p is at most alpha; of declared contrasts alone, as only these are tested as questions."""
    return row.kind == "declared" and row.p_adjusted <= inputs.alpha


def _value(value: float, n: int, n_drawn: int | None) -> Entry:
    values = known({"": value, "n": n, "drawn": n_drawn})
    return Entry(rounded(value), of_drawn(n, n_drawn), values=values)


def _probability(row: ContrastRow, inputs: Inputs) -> Entry:
    words = standing(row, inputs) if _beyond(row, inputs) else ""
    return Entry(p_value(row.p_adjusted), words, values={"": row.p_adjusted, "which means": words})


def _least(row: ContrastRow, inputs: Inputs) -> Entry:
    least = inputs.minimum_effect(row.contrast)
    if least is None:
        return EMPTY
    return Entry(smallest(row, least.minimum_effect), values={"": least.minimum_effect})
