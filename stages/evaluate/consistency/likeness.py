"""Is an arm consistent with itself? Draws of one prompt against draws of different prompts."""

from collections.abc import Iterator, Sequence

import numpy as np

from stages.common.records import Profile
from stages.common.seeds import seed_for
from stages.common.tables.base import ALL, NO_BAND, NotComputed, Row
from stages.common.tables.consistency import LikenessRow
from stages.evaluate.arrays import Floats, Places
from stages.evaluate.cells import Cell, Study, by_arm
from stages.evaluate.chance.nulls import band_of
from stages.evaluate.chance.shuffling import shuffled_sums, some_of, too_few_exchanges, within_sums
from stages.evaluate.intervals.jackknife import jackknife
from stages.evaluate.rows import left_out
from stages.evaluate.units import Unit, hang_together, places_of
from stages.evaluate.values.content import compared, too_few_whole
from stages.evaluate.values.distance import distances

MIN_PROMPTS, MIN_DRAWS = 2, 2


def likeness(cells: Sequence[Cell], study: Study) -> Iterator[Row]:
    """The similarity within and between the prompts of every arm."""
    for arm, of_arm in by_arm(cells).items():
        fields = compared(study.schema)
        able = [whole for cell in of_arm if (whole := cell.whole(fields))]
        if len(able) < MIN_PROMPTS or all(len(whole) < MIN_DRAWS for whole in able):
            n, n_readable = sum(map(len, able)), sum(len(cell.profiles) for cell in of_arm)
            reason = too_few_whole(n, n_readable, fields)
            reason += f"; needs {MIN_PROMPTS} prompts with one, one of them with {MIN_DRAWS}"
            yield NotComputed(arm=arm, prompt=ALL, table="likeness", reason=reason)
        else:
            yield from _rows(arm, able, study)


def within_between(distance: Floats, labels: Places) -> tuple[float, float]:
    """Mean similarity, 1 - distance, of the pairs within and of those between groups; both must exist.

    >>> within_between(np.array([[0, 0.2, 1], [0.2, 0, 1], [1, 1, 0]]), np.array([0, 0, 1]))
    (0.8, 0.0)
    """
    n_within, n_between = _pairs(labels)
    sum_within = float(within_sums(distance, labels).sum())
    sum_between = float(distance.sum()) / 2 - sum_within
    return round(1 - sum_within / n_within, 12), round(1 - sum_between / n_between, 12)


def jackknife_interval(
    distance: Floats, labels: Places, confidence: float, units: Places
) -> tuple[float, float]:
    """The jackknife's interval of within - between, each unit left out in turn, cut off at -1 and 1.

    Units whose removal leaves no pair of a kind stay; if fewer than 2 can go, nothing is known: (-1, 1).
    Not a bootstrap: a row drawn twice would be its own likeness.
    """
    left_out = _without_each(distance, labels, units)
    if len(left_out) < 2:
        return -1.0, 1.0
    difference = float(np.subtract(*within_between(distance, labels)))
    low, high = jackknife(difference, left_out, confidence)
    return max(-1.0, low), min(1.0, high)


def null_differences(
    distance: Floats, labels: Places, *, draws: int, seed: int, units: Places | None = None
) -> Floats:
    """within - between with the labels shuffled, those of a unit together: shape (draws,)."""
    by_group, sizes = shuffled_sums(distance, labels, draws=draws, seed=seed, units=units)
    sums, n_within = by_group.sum(axis=1), (sizes * (sizes - 1)).sum(axis=1) // 2
    n_between = len(labels) * (len(labels) - 1) // 2 - n_within
    rounded: Floats = np.round((distance.sum() / 2 - sums) / n_between - sums / n_within, 9)
    return rounded


def _rows(arm: str, by_prompt: Sequence[Sequence[tuple[Profile, Unit]]], study: Study) -> Iterator[Row]:
    params = study.params
    drawn = [(i, profile, unit) for i, whole in enumerate(by_prompt) for profile, unit in whole]
    used = some_of(drawn, params.max_pairwise, seed=seed_for(params.seed, "likeness rows", arm))
    labels, units = np.array([label for label, _, _ in used]), places_of(unit for _, _, unit in used)
    if 0 in _pairs(labels):
        kind = "two draws of one prompt" if len({*labels.tolist()}) > 1 else "draws of two prompts"
        lacking = f"max_pairwise leaves {len(used)} of {len(drawn)} profiles, without {kind}"
        yield NotComputed(arm=arm, prompt=ALL, table="likeness", reason=lacking)
        return
    distance = distances([profile for _, profile, _ in used], study.schema, study.ranges)
    within, between = within_between(distance, labels)
    difference = round(within - between, 9)
    together, reason = hang_together(units.tolist()), None
    if together:
        reason = too_few_exchanges(units, labels, np.zeros_like(labels), params.alpha)
    band = NO_BAND
    if reason:
        yield left_out("likeness", reason, arm=arm, part="band")
    else:
        run = {"draws": params.null_draws, "seed": seed_for(params.seed, "likeness", arm)}
        null = null_differences(distance, labels, units=units if together else None, **run)
        band = band_of(difference, null, params.confidence)
    low, high = jackknife_interval(distance, labels, params.confidence, units)
    yield LikenessRow(
        arm=arm,
        prompt=ALL,
        n=len(drawn),
        n_used=len(used),
        n_prompts=len(by_prompt),
        within=within,
        between=between,
        difference=difference,
        low=low,
        high=high,
        band=band,
    )


def _without_each(distance: Floats, labels: Places, units: Places) -> Floats:
    """within - between without each unit, where pairs of both kinds are left: shape (up to n_units,)."""
    same, own = labels[:, None] == labels, units[:, None] == units
    n_units = int(units.max()) + 1

    def lost(what: Floats) -> Floats:
        """The sum over the pairs that leave with each unit; pairs of two of its rows leave once."""
        gone = np.bincount(units, what.sum(axis=1), n_units)
        return np.asarray(gone - np.bincount(units, (what * own).sum(axis=1), n_units) / 2)

    in_group, in_all = lost(distance * same), lost(distance)
    n_within, n_between = _pairs(labels)
    left_within = n_within - lost(same - np.eye(len(labels)))
    left_between = n_between - lost(~same * 1.0)
    sum_within, sum_all = (distance * same).sum(axis=1).sum() / 2, distance.sum(axis=1).sum() / 2
    able = (left_within > 0) & (left_between > 0)
    within = (sum_within - in_group)[able] / left_within[able]
    between = (sum_all - sum_within - in_all + in_group)[able] / left_between[able]
    left_out: Floats = between - within  # of distances: the difference of similarities
    return left_out


def _pairs(labels: Places) -> tuple[int, int]:
    """How many pairs lie within a group, and how many between two."""
    sizes, n = np.bincount(labels), len(labels)
    n_within = int((sizes * (sizes - 1)).sum()) // 2
    return n_within, n * (n - 1) // 2 - n_within
