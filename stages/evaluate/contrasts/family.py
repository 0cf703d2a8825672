"""The declared contrasts of a study, with Holm's adjustment."""

from collections.abc import Iterator, Sequence
from typing import Literal

from stages.common.comparison import condition_of
from stages.common.tables.base import ALL, NotComputed, Row
from stages.common.tables.contrasts import ContrastRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.multiple import holm
from stages.evaluate.contrasts.interval import newcombe, student
from stages.evaluate.contrasts.permutation import Outcome
from stages.evaluate.contrasts.statistics import RATES
from stages.evaluate.contrasts.testing import compare
from stages.evaluate.declared import Contrast, check
from stages.evaluate.rows import left_out


def declared(cells: Sequence[Cell], study: Study, *, calibration: bool = False) -> Iterator[Row]:
    """Every declared contrast; those for the calibration study only if `calibration`."""
    compared = compare_declared(cells, study, calibration=calibration)
    adjusted = iter(holm([found.p for _, found in compared if isinstance(found, Outcome)]))
    for contrast, found in compared:
        if isinstance(found, Outcome):
            yield contrast_row(contrast, found, next(adjusted), study, kind="declared")
        else:
            yield not_computed(contrast, "contrasts", found)


def compare_declared(
    cells: Sequence[Cell], study: Study, *, calibration: bool = False
) -> list[tuple[Contrast, Outcome | str]]:
    """Test the declared contrasts, in the order of params.yaml; or the reason why one is not tested.

    Raises:
        UserError: lists prompts, fields and levels that do not exist.
    """
    check(study.params.contrasts, study.schema, study.prompts, study.training)
    by_key, found = {cell.key: cell for cell in cells}, list[tuple[Contrast, Outcome | str]]()
    for one in study.params.contrasts:
        missing = [arm for arm in (one.arm_a, one.arm_b) if (arm, one.prompt) not in by_key]
        if one.calibration_only and not calibration:
            found.append((one, "needs n >= 200, which the calibration study draws (make calibrate)"))
        elif missing:
            found.append((one, f"no completions of {' and '.join(missing)}"))
        else:
            a, b = (by_key[arm, one.prompt] for arm in (one.arm_a, one.arm_b))
            found.append((one, compare(one, a, b, study)))
    return found


def contrast_row(
    contrast: Contrast,
    found: Outcome,
    p_adjusted: float,
    study: Study,
    *,
    kind: Literal["declared", "exploratory"],
) -> ContrastRow:
    confidence = study.params.confidence
    low, high = found.null.band(confidence)
    ends = interval_of(contrast, found, confidence)
    field, level = contrast.about
    return ContrastRow(
        arm=ALL,
        prompt=contrast.prompt,
        contrast=contrast.id if kind == "declared" else "",
        kind=kind,
        primary=contrast.primary,
        arm_a=contrast.arm_a,
        arm_b=contrast.arm_b,
        about_conditions=condition_of(contrast.arm_a) != condition_of(contrast.arm_b),
        statistic=contrast.statistic,
        field=field,
        level=level,
        n_a=found.n_a,
        n_b=found.n_b,
        value_a=found.value_a,
        value_b=found.value_b,
        difference=found.difference,
        low=ends[0],
        high=ends[1],
        band_low=low,
        band_high=high,
        p=found.p,
        p_adjusted=p_adjusted,
    )


def interval_of(contrast: Contrast, found: Outcome, confidence: float) -> tuple[float | None, float | None]:
    """Confidence interval for the difference; (None, None) if there is none."""
    n_a, n_b = found.worth or (found.n_a, found.n_b)
    if contrast.statistic in RATES:
        return newcombe(found.value_a, n_a, found.value_b, n_b, confidence)
    if found.standard_error is None:
        return None, None
    return student(found.difference, found.standard_error, n_a, n_b, confidence)


def not_computed(contrast: Contrast, table: str, reason: str) -> NotComputed:
    return left_out(table, reason, contrast.field or "", prompt=contrast.prompt, contrast=contrast.id)
