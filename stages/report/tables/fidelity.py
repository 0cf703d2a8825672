"""How far the shares and numbers that arms write are from the dataset's."""

from collections.abc import Iterator

from stages.common.tables.fidelity import CoverageRow, JointExcessRow, KolmogorovRow, TotalVariationRow
from stages.common.tables.totals import CoverageSumRow
from stages.report.glossary import slug
from stages.report.inputs import Inputs
from stages.report.table import ARM_AND_PROMPT, EMPTY, Column, Entry, Table, heads
from stages.report.tables.by_field import by_field
from stages.report.tables.entries import counted, fewer, measured, of_arm, of_cell, readable_of, whole


def fidelity(inputs: Inputs) -> Iterator[Table]:
    """One table per prompt, the headline prompt first; one row per arm, one column per protected field."""
    for prompt in inputs.prompts_in_order:
        rows = [row for row in inputs.tables[TotalVariationRow] if row.prompt == prompt]
        name, caption = f"fidelity-{slug(prompt)}", f"Total variation, prompt {prompt}"
        yield by_field(name, caption, "total_variation", rows, _distance, inputs, inputs.protected, note="")


def coverage(inputs: Inputs) -> Iterator[Table]:
    """One row per cell: how many levels of all fields were written, and how many chance would show."""
    columns = [
        *ARM_AND_PROMPT,
        Column("readable"),
        *heads("coverage", "levels seen", "expected by chance"),
        Column("fields with fewer than chance", "coverage", words=True),
    ]
    sums = {row.key: row for row in inputs.tables[CoverageSumRow]}
    rows = [_coverage(sums[key], inputs) for key in inputs.cells if key in sums]
    yield Table(
        "coverage",
        "Rare kinds of people: levels of all fields that were written at all",
        columns,
        rows,
    )


def numbers(inputs: Inputs) -> Iterator[Table]:
    """One table per prompt: one row per arm; for each number its distance and how many profiles have it."""
    for prompt in inputs.prompts_in_order:
        of_prompt = [row for row in inputs.tables[KolmogorovRow] if row.prompt == prompt]
        fields = list(dict.fromkeys(row.field for row in of_prompt))
        found = {
            (row.arm, row.field): measured(row.ks, row.band.ends, (row.low, row.high)) for row in of_prompt
        }
        n = {(row.arm, row.field): counted(row, row.n) for row in of_prompt}
        arms = [arm for arm in inputs.arms if any(row.arm == arm for row in of_prompt)]
        heads = [(Column(field, "kolmogorov_smirnov"), Column(f"n of {field}")) for field in fields]
        columns = [Column("arm"), *(head for pair in heads for head in pair)]
        rows = [
            [of_arm(arm, inputs), *(made.get((arm, field), EMPTY) for field in fields for made in (found, n))]
            for arm in arms
        ]
        yield Table(
            f"numbers-{slug(prompt)}",
            f"Kolmogorov–Smirnov distance of numbers, prompt {prompt}",
            columns,
            rows,
        )


def joint(inputs: Inputs) -> Iterator[Table]:
    """One row per cell: pairs of fields that go wrong although each field alone may be right."""
    columns = [
        *ARM_AND_PROMPT,
        Column("readable"),
        Column("pairs"),
        Column("above the band", "joint_excess"),
        Column("furthest off", "joint_excess", words=True),
    ]
    rows = [_joint(*key, inputs) for key in inputs.cells]
    yield Table(
        "joint",
        "Pairs of fields: distance that the fields alone do not explain",
        columns,
        [row for row in rows if row],
    )


def _distance(row: TotalVariationRow) -> Entry:
    return measured(row.tv, row.band.ends, (row.low, row.high), fewer(row, row.n), {"n": row.n})


def _coverage(found: CoverageSumRow, inputs: Inputs) -> list[Entry]:
    rows = [row for row in inputs.tables[CoverageRow] if row.key == found.key]
    below = [row.field for row in rows if row.band.is_below(row.coverage)]
    return [
        *of_cell(found.key, inputs),
        readable_of(rows[0]),
        whole(found.n_levels),
        Entry(f"{found.n_levels_expected:.1f}", values={"": found.n_levels_expected}),
        Entry(", ".join(below) or "none"),
    ]


def _joint(arm: str, prompt: str, inputs: Inputs) -> list[Entry]:
    rows = [row for row in inputs.tables[JointExcessRow] if row.key == (arm, prompt)]
    if not rows:
        return []
    above = [row for row in rows if row.above_band]
    worst = max(rows, key=lambda row: row.excess - (row.band.band_high or 0))
    words = f"{worst.field} × {worst.field_2}" if above else "none"
    head = [*of_cell((arm, prompt), inputs), readable_of(worst), whole(len(rows))]
    if worst.band.band_high is None:
        return [*head, EMPTY, EMPTY]
    return [*head, whole(len(above)), Entry(words)]
