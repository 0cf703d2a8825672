"""Whether profiles are closer to the training data than to people nobody has seen."""

from collections.abc import Iterator

from stages.report.inputs import Inputs
from stages.report.numbers import p_value, signed
from stages.report.table import Cell, Column, Table
from stages.report.tables.cells import between, number, texts, whole

MEASURES = {
    "longest_substring": "longest text in common (characters)",
    "longest_substring_share": "longest text in common (share)",
    "overlap_8_words": "runs of 8 words in common (share)",
    "nearest_distance": "distance to the most similar person",
}


def memorisation(inputs: Inputs) -> Iterator[Table]:
    """One row a cell and measure."""
    key = "memorisation"
    columns = [
        Column("arm"),
        Column("prompt", words=True),
        Column("measure", words=True),
        Column("profiles"),
        Column("training split", key),
        Column("held-out split", key),
        Column("difference", key),
        Column("its interval", key),
        Column("p", key),
    ]
    rows = [
        [
            *texts(row.arm, row.prompt, MEASURES.get(row.measure, row.measure)),
            whole(row.n_used),
            number(row.train_same_size),
            number(row.test),
            Cell(signed(row.difference), f"{signed(row.band_low)} to {signed(row.band_high)}"),
            between((row.low, row.high)),
            Cell(p_value(row.p)),
        ]
        for arm in inputs.arms
        for row in inputs.tables.memorisation
        if row.arm == arm
    ]
    note = (
        "In brackets the null band: the difference of people whom no arm has seen. A copy of the training "
        "split lies outside."
    )
    yield Table(
        "memorisation", "Closer to the training data than to people nobody has seen?", columns, rows, note
    )
