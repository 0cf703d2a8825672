"""What source, condition and both together change."""

from collections.abc import Iterator

from stages.common.tables.consistency import EffectRow
from stages.report.inputs import Inputs
from stages.report.table import Column, Table, heads
from stages.report.tables.entries import between, counted, number, probability, texts

NOTE = "These questions were not declared."


def effects(inputs: Inputs) -> Iterator[Table]:
    """One row per field and effect."""
    key = "effects"
    columns = [
        Column("field"),
        Column("effect", key, words=True),
        Column("draws"),
        *heads(key, "share explained", "its interval", "by chance up to", "p", "p after Benjamini–Hochberg"),
    ]
    rows = [
        [
            *texts(row.field, row.effect.replace(" x ", " × ")),
            *(
                counted(row, row.n),
                number(row.partial_eta2),
                between((row.low, row.high)),
                number(row.band_high),
            ),
            *map(probability, (row.p, row.q)),
        ]
        for row in inputs.tables[EffectRow]
    ]
    yield Table(
        "effects", "How much of a field is due to model, to data and to both together", columns, rows, NOTE
    )
