"""Say what one training per dataset leaves open, wherever arms of two datasets stand side by side."""

from collections.abc import Sequence
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

BRIEF = (
    "One training per dataset: a difference between the two may come from the data or from the training seed."
)

ELSEWHERE = (
    "These trainings ran on another machine or with earlier code, from the same base, data and settings as "
    "the adapters of this report."
)


def calibrated_where(inputs: Inputs) -> str:
    """What the reader has to know of the machine or code of the calibration; "" if it has these adapters."""
    return ELSEWHERE if inputs.calibrated_elsewhere else ""


def short_caveat(inputs: Inputs) -> str:
    """The caveat for notes, captions and screens; "" if there are no two trained arms."""
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


def without_caveat(text: str) -> str:
    """A note or caption as the page shows it: the screen around it has the caveat once."""
    return text.replace(BRIEF, "").strip()


BY_CONDITION = ("effects",)
"""Tables whose rows name no arm."""
COMPARE_NOTHING = ("gaps", "names", "origins", "calibration")
"""Tables without a measured number, and that of several trainings."""


def captioned(drawing: Drawing, inputs: Inputs) -> Drawing:
    """The drawing with the caveat in its caption: every figure shows all arms, of one training each."""
    if drawing.name.startswith("calibration"):
        return drawing
    return replace(drawing, caption=" ".join(filter(None, [drawing.caption, short_caveat(inputs)])))


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
    pairs = trained_pairs(inputs)
    return any(all(one in text or inputs.name(one) in text for one in pair) for pair in pairs)
