"""Whether profiles are closer to the training data than to people nobody has seen."""

from collections.abc import Iterator

from stages.common.tables.variety import WHOLE, MemorisationRow
from stages.report.inputs import Inputs
from stages.report.table import ARM_AND_PROMPT, Column, Entry, Table, heads
from stages.report.tables.entries import between, counted, number, of_cell, probability, shifted

MEASURES = {
    "longest_substring": "longest text in common (characters)",
    "longest_substring_share": "longest text in common (share)",
    "overlap_8_words": "runs of 8 words in common (share)",
    "nearest_distance": "distance to the most similar person",
}


def memorisation(inputs: Inputs) -> Iterator[Table]:
    """One row per cell, measure and text."""
    columns = [
        *ARM_AND_PROMPT,
        Column("measure", words=True),
        Column("profiles"),
        *heads(
            "memorisation",
            "training split",
            "as many of it",
            "held-out split",
            "difference",
            "its interval",
            "p",
        ),
    ]
    rows = [
        [
            *of_cell(row.key, inputs),
            Entry(_what(row)),
            counted(row, row.n_used),
            number(row.train),
            number(row.train_same_size),
            number(row.test),
            shifted(row.difference, (row.band_low, row.band_high)),
            between((row.low, row.high)),
            probability(row.p),
        ]
        for arm in inputs.arms
        for row in inputs.tables[MemorisationRow]
        if row.arm == arm
    ]
    note = (
        "The difference is between the whole training split and the held-out one. Brackets hold the null "
        "band: the differences for people whom no arm has seen. A copy of the training split lies outside it."
    )
    yield Table(
        "memorisation", "Closer to the training data than to people nobody has seen?", columns, rows, note
    )


def _what(row: MemorisationRow) -> str:
    """The measure, and the text field that it reads if that is not the whole profile."""
    measure = MEASURES.get(row.measure, row.measure)
    return measure if row.field == WHOLE else f"{row.field}: {measure}"
