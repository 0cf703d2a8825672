"""The declared contrasts of a study, with Holm's adjustment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from stages.common.comparison import condition_of, reference_condition
from stages.common.seeds import seed_for
from stages.common.tables.base import ALL, NotComputed, Row
from stages.common.tables.contrasts import ContrastRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.multiple import holm
from stages.evaluate.contrasts.clustered import Clusters, clustered_outcome
from stages.evaluate.contrasts.interval import newcombe, student
from stages.evaluate.contrasts.permutation import Outcome
from stages.evaluate.contrasts.statistics import RATES, Reading
from stages.evaluate.contrasts.testing import outcome_of
from stages.evaluate.declared import Contrast, check
from stages.evaluate.units import hang_together


@dataclass(frozen=True)
class Compared:
    """A contrast with what became of it: a test, or the reason why there is none."""

    contrast: Contrast
    outcome: Outcome | str


def declared(cells: Sequence[Cell], study: Study, *, calibration: bool = False) -> Iterator[Row]:
    """Every declared contrast; those for the calibration study only if `calibration`."""
    compared = compare_declared(cells, study, calibration=calibration)
    adjusted = iter(holm([one.outcome.p for one in compared if isinstance(one.outcome, Outcome)]))
    for one in compared:
        if isinstance(one.outcome, Outcome):
            yield contrast_row(one.contrast, one.outcome, next(adjusted), study, kind="declared")
        else:
            yield not_computed(one.contrast, "contrasts", one.outcome)


def compare_declared(cells: Sequence[Cell], study: Study, *, calibration: bool = False) -> list[Compared]:
    """Test the declared contrasts, in the order of params.yaml.

    Raises:
        UserError: lists prompts, fields and levels that do not exist.
    """
    check(study.params.contrasts, study.schema, study.prompts, study.training)
    by_key = {cell.key: cell for cell in cells}
    return [Compared(one, _outcome(one, by_key, study, calibration)) for one in study.params.contrasts]


def _outcome(
    contrast: Contrast, cells: Mapping[tuple[str, str], Cell], study: Study, calibration: bool
) -> Outcome | str:
    if contrast.calibration_only and not calibration:
        return "needs n >= 200, which the calibration study draws (make calibrate)"
    arms = contrast.arm_a, contrast.arm_b
    missing = [arm for arm in arms if (arm, contrast.prompt) not in cells]
    if missing:
        return f"no completions of {' and '.join(missing)}"
    a, b = (cells[arm, contrast.prompt] for arm in arms)
    return compare(contrast, a, b, study)


def compare(contrast: Contrast, a: Cell, b: Cell, study: Study) -> Outcome | str:
    """Test a contrast of two cells; contrasts of equally many draws share the permutations."""
    params = study.params
    seed = seed_for(params.seed, "permutations")
    how, units = reading_of(contrast, study), [*a.units, *b.units]
    if not hang_together(units):
        return outcome_of(contrast, a.draws, b.draws, how, draws=params.null_draws, seed=seed)
    clusters = Clusters(units, params.alpha, params.confidence)
    return clustered_outcome(contrast, a.draws, b.draws, how, clusters, draws=params.null_draws, seed=seed)


def reading_of(contrast: Contrast, study: Study) -> Reading:
    conditions = {reference_condition(condition_of(arm)) for arm in (contrast.arm_a, contrast.arm_b)}
    return Reading(study.schema, tuple(one for name in sorted(conditions) for one in study.training[name]))


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
    return NotComputed(
        arm=ALL,
        prompt=contrast.prompt,
        table=table,
        field=contrast.field or "",
        contrast=contrast.id,
        reason=reason,
    )
