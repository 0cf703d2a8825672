"""The smallest effect that so few draws would show, for every tested contrast."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from stages.common.records import Profile
from stages.common.seeds import seed_for
from stages.common.tables.base import ALL, Row
from stages.common.tables.contrasts import MinimumEffectRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.contrasts.family import compare_declared, not_computed
from stages.evaluate.contrasts.permutation import Outcome
from stages.evaluate.contrasts.power import Detectable, detectable_rate
from stages.evaluate.contrasts.simulation import Simulation, simulated
from stages.evaluate.contrasts.statistics import (
    MEANS,
    RATES,
    Reading,
    counting,
    profiles_score,
    reading_of,
    value_of,
)
from stages.evaluate.declared import Contrast

FEW = 100
"""Draws of both arms up to which 1,000 pairs of arms are simulated; beyond, 400."""
OF_ARMS = ("valid", "copies")
"""Statistics that only arms have, not people: an effect starts at what arm a shows."""
MAX_VARIETY = 200
"""Draws of both arms up to which `variety`, whose cost is quadratic, is simulated."""


def minimum_effects(cells: Sequence[Cell], study: Study, *, calibration: bool = False) -> Iterator[Row]:
    """The minimum effect of every contrast.

    NotComputed if it was not tested, or no effect is found with that power.
    """
    by_key, alpha = {cell.key: cell for cell in cells}, level_of(study, calibration=calibration)
    for contrast, found in compare_declared(cells, study, calibration=calibration):
        row = found if isinstance(found, str) else _row(contrast, found, by_key, study, alpha)
        yield not_computed(contrast, "minimum_effects", row) if isinstance(row, str) else row


def level_of(study: Study, *, calibration: bool = False) -> float:
    """evaluate.alpha, divided among the contrasts declared to be tested."""
    planned = [one for one in study.params.contrasts if calibration or not one.calibration_only]
    return study.params.alpha / max(1, len(planned))


def detectable(
    contrast: Contrast,
    pool: Sequence[Profile],
    how: Reading,
    study: Study,
    *,
    n_a: int,
    n_b: int,
    alpha: float,
    base: float | None = None,
) -> Detectable | None:
    """The minimum detectable effect, where arm a draws from `pool`; None if there is none.

    `base` is the rate of arm a; that of `base_of` if None.
    """
    power, pool = study.params.power, counting(contrast, pool, how)
    if contrast.statistic in RATES:
        base = base_of(contrast, pool, how) if base is None else base
        return detectable_rate(base, n_a, n_b, alpha=alpha, power=power)
    few = n_a + n_b <= FEW
    plan = Simulation(
        n_a,
        n_b,
        alpha=alpha,
        power=power,
        n_arms=min(1000 if few else 400, study.params.null_draws),
        permutations=study.params.null_draws if few else min(999, study.params.null_draws),
        seed=seed_for(study.params.seed, "minimum effect", contrast.id),
    )
    return simulated(contrast, pool, how, plan)


def base_of(contrast: Contrast, pool: Sequence[Profile], how: Reading) -> float:
    """The statistic of the people in the pool that count, or of a perfect arm: all valid, no copies."""
    pool = counting(contrast, pool, how)
    if contrast.statistic == "copies":
        return 0.0
    if contrast.statistic in MEANS:
        return float(np.mean([value_of(contrast, one, how) for one in pool]))
    return float(profiles_score(contrast, pool, how)(np.ones((1, len(pool)), bool))[0])


def _row(
    contrast: Contrast, found: Outcome, cells: Mapping[tuple[str, str], Cell], study: Study, alpha: float
) -> MinimumEffectRow | str:
    """The row, or the reason why there is none."""
    n_a, n_b, power = found.n_a, found.n_b, study.params.power
    if found.worth is not None:
        return "it is of draws that do not hang together"
    reference = cells[contrast.arm_a, contrast.prompt].reference
    if reference.reason is not None:
        return reference.reason
    if contrast.statistic == "variety" and n_a + n_b > MAX_VARIETY:
        return f"simulated up to {MAX_VARIETY} draws of both arms"
    how = reading_of(contrast, study)
    pool = counting(contrast, reference.profiles, how)
    if not pool:
        return "no person of the reference counts for it"
    base = found.value_a if contrast.statistic in OF_ARMS else base_of(contrast, pool, how)
    least = detectable(contrast, pool, how, study, n_a=n_a, n_b=n_b, alpha=alpha, base=base)
    if least is None:
        n = str(n_a) if n_a == n_b else f"{n_a} and {n_b}"
        return f"no effect is found with {power:.0%} at n = {n}"
    return MinimumEffectRow(
        arm=ALL,
        prompt=contrast.prompt,
        contrast=contrast.id,
        n_a=n_a,
        n_b=n_b,
        base=base,
        minimum_effect=least.effect,
        planted=least.planted,
        alpha=alpha,
        power=power,
        method="exact" if contrast.statistic in RATES else "simulated",
    )
