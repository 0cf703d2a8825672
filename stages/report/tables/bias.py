"""Who appears, and which fields go together."""

from collections.abc import Iterator

from stages.common.tables.bias import AmplificationRow, AssociationRow, RepresentationRow
from stages.report.glossary import slug
from stages.report.inputs import Inputs
from stages.report.joined import amplifications, pair_of
from stages.report.table import ARM_AND_PROMPT, EMPTY, Column, Entry, Table
from stages.report.tables.entries import (
    arm_columns,
    banded,
    between,
    counted,
    fewer,
    measured,
    number,
    of_cell,
    shifted,
    texts,
)

NOTE = "2 means twice as often as in the dataset, 0.5 half as often. Brackets hold the null band."


def representation(inputs: Inputs) -> Iterator[Table]:
    """One table per prompt: one row per level, one column per arm."""
    for prompt in inputs.prompts_in_order:
        of_prompt = [
            row
            for row in inputs.tables[RepresentationRow]
            if (row.prompt, row.against) == (prompt, "dataset")
        ]
        arms = [arm for arm in inputs.arms if any(row.arm == arm for row in of_prompt)]
        columns = [
            Column("field"),
            Column("level", words=True),
            *arm_columns(arms, "representation", inputs),
        ]
        found = {(row.arm, row.field, row.level): row for row in of_prompt}
        levels = list(dict.fromkeys((row.field, row.level) for row in of_prompt))
        rows = [[*texts(*level), *(_ratio(found.get((arm, *level))) for arm in arms)] for level in levels]
        yield Table(
            f"representation-{slug(prompt)}",
            f"How often, as a multiple of the dataset’s share; prompt {prompt}",
            columns,
            rows,
            NOTE,
        )


def association(inputs: Inputs) -> Iterator[Table]:
    """The pairs that lie outside a band, over all arms and prompts."""
    columns = [
        *ARM_AND_PROMPT,
        Column("fields", words=True),
        Column("profiles"),
        Column("association", "association"),
        Column("its interval", "association", id="association"),
        Column("in the dataset", "association"),
        Column("amplification", "amplification"),
        Column("its interval", "amplification", id="amplification"),
    ]
    beside = amplifications(inputs.tables)
    pairs = [(row, beside.get(pair_of(row))) for row in inputs.tables[AssociationRow]]
    rows = [_association(*pair, inputs) for pair in pairs if any(row and row.outside for row in pair)]
    n = len(pairs)
    note = (
        f"The table lists those of {n} pairs that lie outside a null band. Chance alone puts some there: the "
        "more pairs, the more of them."
    )
    yield Table(
        "association",
        "Fields tied together more than chance, or other than in the dataset",
        columns,
        rows,
        note,
    )


def _ratio(row: RepresentationRow | None) -> Entry:
    if row is None:
        return EMPTY
    return measured(row.ratio, row.band.ends, (None, None), fewer(row, row.n), {"n": row.n})


def _association(row: AssociationRow, against: AmplificationRow | None, inputs: Inputs) -> list[Entry]:
    v = banded(row.v, (row.band_low, row.band_high))
    return [
        *of_cell(row.key, inputs),
        Entry(f"{row.field} × {row.attribute}"),
        counted(row, row.n),
        v,
        between((row.low, row.high)),
        *_amplification(against),
    ]


def _amplification(row: AmplificationRow | None) -> list[Entry]:
    if row is None:
        return [EMPTY, EMPTY, between((None, None))]
    return [
        number(row.v_reference),
        shifted(row.amplification, (row.amplification_low, row.amplification_high)),
        between((row.interval_low, row.interval_high)),
    ]
