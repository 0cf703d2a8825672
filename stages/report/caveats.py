"""Say what one training per dataset leaves open, wherever arms of two datasets stand side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TypeAlias

from stages.common.calibration import Calibration
from stages.common.comparison import apart_by_data, condition_of, source_of
from stages.common.tables.contrasts import ContrastRow
from stages.report.figures.drawing import Drawing
from stages.report.inputs import Inputs
from stages.report.table import Table

Said: TypeAlias = "str | list[str]"
"""A sentence, or a list of points."""

ONE_TRAINING = (
    "Each dataset has one training here: a difference between trained arms of the two datasets may come from "
    "the data or from the training seed."
)
CALIBRATED = (
    "Only the [calibrated](calibration) contrasts say which differences stand over several trainings."
)
BRIEF = (
    "One training per dataset: a difference between the two may come from the data or from the training seed."
)
BESIDE = "with one training each, these draws cannot tell the data from the training seed"


def caveat(inputs: Inputs) -> str:
    """The caveat in full, where a reader first meets two trained arms; "" if there are none."""
    if not trained_pairs(inputs):
        return ""
    return f"{ONE_TRAINING} {CALIBRATED}" if isinstance(inputs.calibration, Calibration) else ONE_TRAINING


def short_caveat(inputs: Inputs) -> str:
    """The short caveat, for every other note, caption and answer; "" if there are no two trained arms."""
    return BRIEF if trained_pairs(inputs) else ""


def trained_pairs(inputs: Inputs) -> list[tuple[str, str]]:
    """Arms of one base that were trained on different datasets."""
    return [
        (a, b)
        for a, b in combinations(inputs.arms, 2)
        if source_of(a) == source_of(b) and apart_by_data(a, b) and "none" not in map(condition_of, (a, b))
    ]


def noted(table: Table, inputs: Inputs) -> Table:
    """The table with the caveat, if it shows trained arms of two datasets or is about the datasets."""
    words = [*(column.title for column in table.columns), *(cell.text for row in table.rows for cell in row)]
    if table.name in BY_CONDITION or (table.name not in COMPARE_NOTHING and _compares(words, inputs)):
        return replace(table, note=" ".join(filter(None, [table.note, short_caveat(inputs)])))
    return table


BY_CONDITION = ("effects",)
"""Tables whose rows name no arm."""
COMPARE_NOTHING = ("gaps", "origins")
"""Tables without a measured number."""


def captioned(drawing: Drawing, inputs: Inputs) -> Drawing:
    """The drawing with the caveat in its caption: every figure shows all arms."""
    return replace(drawing, caption=" ".join(filter(None, [drawing.caption, short_caveat(inputs)])))


def said(sentences: Iterable[Said], inputs: Inputs, *, in_full: bool = False) -> list[Said]:
    """The sentences, and the caveat if they name trained arms of two datasets."""
    found = [*sentences]
    flat = [part for one in found for part in ([one] if isinstance(one, str) else one)]
    if in_full and _compares(flat, inputs):
        return [*found, caveat(inputs)]
    return [*found, short_caveat(inputs)] if _compares(flat, inputs) else found


def standing(row: ContrastRow, inputs: Inputs) -> str:
    """What p <= alpha means for a declared contrast: it was found, or these two adapters differ."""
    if not apart_by_data(row.arm_a, row.arm_b):
        return "found"
    calibrated = (
        inputs.calibration.of(*row.definition) if isinstance(inputs.calibration, Calibration) else None
    )
    if calibrated is None:
        return "these two adapters differ"
    return f"these two adapters differ; over {calibrated.n_seeds} trainings: {calibrated.verdict}"


def _compares(words: Sequence[str], inputs: Inputs) -> bool:
    text = "\n".join(words)
    return any(a in text and b in text for a, b in trained_pairs(inputs))
