"""Compare tuned arms in everything else: looked at, but not declared."""

from collections.abc import Iterator, Sequence
from typing import Any

from stages.common.fields import MISSING, Field, get
from stages.common.levels import label
from stages.common.tables.base import Row
from stages.evaluate.cells import Cell, Study, tuned_pairs
from stages.evaluate.chance.multiple import within_groups
from stages.evaluate.contrasts.family import contrast_row
from stages.evaluate.contrasts.permutation import Outcome
from stages.evaluate.contrasts.testing import compare
from stages.evaluate.declared import Contrast

EXPLORATORY = "exploratory"


def exploratory(cells: Sequence[Cell], study: Study) -> Iterator[Row]:
    """The share of every level and the mean of every number, of every two tuned arms, under every prompt.

    Left out: what is declared, what all draws or none have, and the second of two levels.
    p_adjusted is Benjamini-Hochberg's over the rows of the same two arms under the same prompt.
    """
    done = {_key(contrast) for contrast in study.params.contrasts}
    found: list[tuple[Contrast, Outcome]] = []
    for a, b in tuned_pairs(cells):
        for contrast in _contrasts(a, b, study, done):
            outcome = compare(contrast, a, b, study)
            if isinstance(outcome, Outcome):
                found.append((contrast, outcome))
    pairs = [(contrast.arm_a, contrast.arm_b, contrast.prompt) for contrast, _ in found]
    adjusted = within_groups([outcome.p for _, outcome in found], pairs)
    for (contrast, outcome), q in zip(found, adjusted, strict=True):
        yield contrast_row(contrast, outcome, q, study, kind="exploratory")


def _contrasts(a: Cell, b: Cell, study: Study, done: set[tuple[str, ...]]) -> Iterator[Contrast]:
    same = {"id": EXPLORATORY, "arm_a": a.arm, "arm_b": b.arm, "prompt": a.prompt.id}
    for field in study.schema.by_role("protected", "attribute"):
        levels = _levels(field, a, b, study)
        shares = [Contrast(**same, statistic="share", field=field.path, level=level) for level in levels]
        left = [one for one in shares if _key(one) not in done]
        # one of two levels says all about the other
        yield from left if len(shares) != 2 else left[: len(left) - 1]
    for field in study.schema.by_role("number"):
        mean = Contrast(**same, statistic="mean", field=field.path)
        yield from [mean] if _key(mean) not in done else []


def _levels(field: Field, a: Cell, b: Cell, study: Study) -> list[Any]:
    """Values that some profiles of both arms together have, and some have not."""
    values = field.levels or [get(record, field.path) for record in study.everyone]
    by_label = {label(value): value for value in values if value is not MISSING and value is not None}
    drawn = [label(get(profile, field.path)) for cell in (a, b) for profile, _ in cell.whole([field])]
    return [by_label[name] for name in by_label if 0 < drawn.count(name) < len(drawn)]


def _key(contrast: Contrast) -> tuple[str, ...]:
    arms = sorted((contrast.arm_a, contrast.arm_b))
    return (*arms, contrast.prompt, contrast.statistic, *contrast.about)
