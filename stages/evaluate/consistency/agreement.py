"""Is an arm consistent with itself? Agreement of the repeated draws of a prompt, field by field."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import scipy
from numpy.typing import ArrayLike

from stages.common.fields import Field, get
from stages.common.levels import label
from stages.common.records import Profile
from stages.common.seeds import seed_for
from stages.common.tables.base import ALL, Row
from stages.common.tables.consistency import AgreementRow
from stages.evaluate.arrays import Floats, Places
from stages.evaluate.cells import Cell, Study, by_arm
from stages.evaluate.chance.nulls import band_of
from stages.evaluate.intervals.ends import count_interval
from stages.evaluate.rows import dependent, left_out
from stages.evaluate.units import hang_together

MIN_PROMPTS, MIN_DRAWS = 2, 2
_NEEDS = f"needs {MIN_PROMPTS} prompts with at least {MIN_DRAWS}"
SINGLE = "they take draws one by one, not whole conversations"


def agreement(cells: Sequence[Cell], study: Study) -> Iterator[Row]:
    """Fleiss' kappa of every protected field and attribute: subjects are prompts, raters are draws."""
    for arm, of_arm in by_arm(cells).items():
        able = [cell for cell in of_arm if len(cell.profiles) >= MIN_DRAWS]
        if len(able) < MIN_PROMPTS:
            yield left_out("agreement", f"{_NEEDS} profiles parsed; {len(able)} have", arm=arm)
            continue
        together = hang_together([unit for cell in able for unit in cell.parsed_units])
        if together:
            yield left_out("agreement", SINGLE, arm=arm, part="interval")
            yield left_out("agreement", SINGLE, arm=arm, part="band")
        for field in study.schema.by_role("protected", "attribute"):
            row = _row(arm, field, able, study)
            if together and isinstance(row, AgreementRow):
                row = dependent(row)
            yield row


def fleiss_kappas(counts: Floats) -> Floats:
    """Agreement beyond chance of n raters about N subjects (Fleiss 1971, Psychological Bulletin 76:378).

    kappa = (P - Pe) / (1 - Pe), with P the mean share of agreeing pairs of raters of a subject,
    P_i = sum_j n_ij (n_ij - 1) / (n (n - 1)), and Pe = sum_j p_j^2 of all ratings together.
    1: every subject's raters agree, and subjects differ; 0: as often as by chance; at least -1 / (n - 1).
    Rounded, so that equal tables tie.

    Args:
        counts: subjects by categories, of which 2 must occur: shape (..., N, k) gives (...). Every row adds
            up to n >= 2. Where rows do not, every subject still weighs the same.

    >>> fleiss_kappas(np.array([[[2.0, 0.0], [0.0, 2.0]], [[1.0, 1.0], [1.0, 1.0]]])).tolist()
    [1.0, -1.0]
    """
    n_raters = counts.sum(axis=-1)
    agreeing = ((counts * (counts - 1)).sum(axis=-1) / (n_raters * (n_raters - 1))).mean(axis=-1)
    shares = (counts / n_raters[..., None]).mean(axis=-2)
    chance = (shares**2).sum(axis=-1)
    rounded: Floats = np.round((agreeing - chance) / (1 - chance), 12)
    return rounded


def kappa_interval(counts: ArrayLike, *, confidence: float, seed: int) -> tuple[float, float]:
    """Confidence interval for kappa of these subjects, not others, if each had infinitely many raters.

    `counts` have shape (N, k).
    """
    table, measures = np.asarray(counts, float), (fleiss_kappas, _kappas_of_shares)
    low, high = count_interval(
        float(fleiss_kappas(table)), *measures, table, confidence=confidence, seed=seed
    )
    return max(-1.0, low), min(1.0, high)


def null_kappas(counts: Places, *, draws: int, seed: int) -> Floats:
    """Kappa of tables with the same margins, ratings shuffled across subjects: shape (draws,)."""
    tables = scipy.stats.random_table(counts.sum(axis=1), counts.sum(axis=0))
    return fleiss_kappas(tables.rvs(draws, random_state=np.random.default_rng(seed)).astype(float))


def _kappas_of_shares(shares: Floats) -> Floats:
    """The kappas that `fleiss_kappas` estimates, for infinitely many raters; the shapes are the same."""
    agreeing, chance = (shares**2).sum(axis=-1).mean(axis=-1), (shares.mean(axis=-2) ** 2).sum(axis=-1)
    found: Floats = (agreeing - chance) / (1 - chance)
    return found


def _row(arm: str, field: Field, cells: Sequence[Cell], study: Study) -> Row:
    written = {cell.prompt.id: [profile for profile, _ in cell.whole([field])] for cell in cells}
    written = {prompt: some for prompt, some in written.items() if len(some) >= MIN_DRAWS}
    if len(written) < MIN_PROMPTS:
        reason = f"{_NEEDS} profiles with a valid value; {len(written)} have"
        return left_out("agreement", reason, field.path, arm=arm)
    n_used, params = min(map(len, written.values())), study.params
    table = _table(arm, field, written, n_used, study)
    if table.shape[1] < 2:
        reason = "all profiles with a valid value have one and the same: kappa is 0 / 0"
        return left_out("agreement", reason, field.path, arm=arm)
    kappa = float(fleiss_kappas(table.astype(float)))
    seed = seed_for(params.seed, "agreement", arm, field.path)
    null = null_kappas(table, draws=params.null_draws, seed=seed)
    low, high = kappa_interval(table, confidence=params.confidence, seed=seed)
    return AgreementRow(
        arm=arm,
        prompt=ALL,
        field=field.path,
        role=field.role,
        n=len(written),
        n_used=n_used,
        kappa=kappa,
        low=low,
        high=high,
        band=band_of(kappa, null, params.confidence),
    )


def _table(
    arm: str, field: Field, written: Mapping[str, Sequence[Profile]], n_used: int, study: Study
) -> Places:
    """Counts of each value that occurs, by prompt: shape (n_prompts, n_values).

    Where all profiles have every field, each field counts the same profiles.
    """
    rows = []
    for prompt, profiles in written.items():
        rng = np.random.default_rng(seed_for(study.params.seed, "agreement draws", arm, prompt))
        kept = rng.choice(len(profiles), n_used, replace=False)
        rows.append(Counter(label(get(profiles[i], field.path)) for i in kept))
    levels = sorted({level for row in rows for level in row})
    return np.array([[row[level] for level in levels] for row in rows])
