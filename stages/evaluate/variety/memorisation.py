"""Does an arm recall the people it was trained on, more than people that nobody saw?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from stages.common.comparison import reference_condition
from stages.common.fields import canonical
from stages.common.records import Condition
from stages.common.seeds import seed_for
from stages.common.tables.base import Row
from stages.common.tables.variety import MemorisationRow
from stages.evaluate.arrays import Floats, Places
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import null_band, p_above, p_below
from stages.evaluate.chance.shuffling import some_of
from stages.evaluate.intervals.rates import least_effective
from stages.evaluate.units import places_of
from stages.evaluate.variety.mean_differences import mean_interval, null_differences
from stages.evaluate.variety.measures import subsample
from stages.evaluate.variety.people import NEAREST, Closeness, People

NEEDED = 50
"""Held-out people: with 5 or 20, p <= .05 came by chance in up to 19 % of cases; see method.md."""


@dataclass(frozen=True)
class Splits:
    """The people of one condition, and what those that no arm saw score."""

    train: People
    same_size: People
    """As many people of the training split as are held out, if it is larger."""
    test: People
    unseen: Closeness
    """train - test of every held-out person, itself left out of test."""


def memorisation(cells: Sequence[Cell], study: Study) -> Iterator[Row]:
    """Compare with the people of the arm's condition; of the original one if it was shown none."""
    splits: dict[Condition, Splits] = {}
    for cell in cells:
        condition = reference_condition(cell.condition)
        n_test = len(study.held_out[condition])
        if not cell.profiles:
            yield cell.left_out("memorisation", "no profile parsed")
        elif n_test < NEEDED:
            yield cell.left_out("memorisation", f"{n_test} people are held out; needs n >= {NEEDED}")
        else:
            if condition not in splits:
                splits[condition] = _splits(condition, study)
            yield from _rows(cell, study, splits[condition])


def _splits(condition: Condition, study: Study) -> Splits:
    train, test = study.training[condition], study.held_out[condition]
    same_size = some_of(train, len(test), seed=seed_for(study.params.seed, "same size", condition))
    seen, few, held_out = (
        People(profiles, study.schema, study.ranges) for profiles in (train, same_size, test)
    )
    near, others = seen.closeness(test), held_out.closeness(test, leave_out_own=True)
    return Splits(seen, few, held_out, {key: near[key] - others[key] for key in near})


def _rows(cell: Cell, study: Study, splits: Splits) -> Iterator[Row]:
    pairs = subsample(cell.pairs, study.params, *cell.key)
    used = [profile for profile, _ in pairs]
    found = [who.closeness(used) for who in (splits.train, splits.same_size, splits.test)]
    texts, units = [canonical(profile) for profile in used], [unit for _, unit in pairs]
    # the coarser of both: what is repeated, or hangs together, is no further evidence
    repeated = least_effective(texts) <= least_effective(units)
    names = np.array(texts, object) if repeated else places_of(units)  # as str all take the longest's room
    for key in found[0]:
        here = ~np.isnan(found[0][key])
        unseen = splits.unseen[key][~np.isnan(splits.unseen[key])]
        if reason := _undefined(key[0], int(here.sum()), unseen):
            yield cell.left_out("memorisation", reason, key[1], contrast=key[0])
        else:
            scores = [closeness[key][here] for closeness in found]
            if len({*(scores[0] - scores[2]).round(9)}) < 2:
                reason = f"all differences are the same (profiles: {here.sum()})"
                yield cell.left_out("memorisation", reason, key[1], contrast=key[0], part="interval")
            yield _row(cell, study, key, scores, unseen, np.unique(names[here], return_counts=True)[1])


def _undefined(measure: str, n_used: int, unseen: Floats) -> str | None:
    if not n_used or unseen.size < NEEDED:
        needs = f"needs 1 and {NEEDED}"
        what = "valid values in all compared fields" if measure == NEAREST else "such a text"
        return f"with {what}: profiles {n_used}, held-out people {unseen.size}; {needs}"
    if not np.ptp(unseen.round(9)):
        return f"all {unseen.size} held-out people have the same difference, so that chance has no width"
    return None


def _row(
    cell: Cell,
    study: Study,
    key: tuple[str, str],
    scores: Sequence[Floats],
    unseen: Floats,
    repeats: Places,
) -> Row:
    params, condition = study.params, reference_condition(cell.condition)
    train, same, test = (round(float(values.mean()), 9) for values in scores)
    difference = round(float((scores[0] - scores[2]).mean()), 9)
    low, high = mean_interval(scores[0] - scores[2], params.confidence)
    seed = seed_for(params.seed, "memorisation", *cell.key)
    null = null_differences(unseen, repeats, draws=params.null_draws, seed=seed)
    p = p_below(difference, null) if key[0] == NEAREST else p_above(difference, null)
    p = max(p, 1 / (1 + len(unseen)))  # so many held-out people show nothing rarer
    band_low, band_high = null_band(null, params.confidence)
    return MemorisationRow(
        **cell.where,
        measure=key[0],
        field=key[1],
        n=len(cell.profiles),
        n_used=len(scores[0]),
        n_train=len(study.training[condition]),
        n_test=len(study.held_out[condition]),
        train=train,
        train_same_size=same,
        test=test,
        difference=difference,
        low=low,
        high=high,
        band_low=band_low,
        band_high=band_high,
        p=p,
    )
