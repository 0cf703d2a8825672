"""How much do source, condition and both together change, within each prompt?"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from stages.common.comparison import condition_of, source_of
from stages.common.fields import Field, get
from stages.common.levels import levels_of
from stages.common.records import CONDITIONS
from stages.common.seeds import seed_for
from stages.common.tables.base import ALL, Row
from stages.common.tables.consistency import EffectRow
from stages.evaluate.arrays import Floats
from stages.evaluate.cells import Cell, Study, counts_of, freely_drawn
from stages.evaluate.chance.multiple import benjamini_hochberg
from stages.evaluate.consistency.factors import EFFECTS, Effect, Factors, effect_of
from stages.evaluate.intervals.jackknife import explained_interval
from stages.evaluate.rows import left_out
from stages.evaluate.units import Unit, hang_together, places_of
from stages.evaluate.values.numbers import number_of

MIN_DRAWS = 2
"""Draws with a valid value of each arm under each prompt; those of a conversation count as one."""


def effects(cells: Sequence[Cell], study: Study) -> Iterator[Row]:
    """The effects on every protected field and attribute (shares of levels) and number (mean)."""
    cells = freely_drawn(cells)
    few = _in_too_few_conversations(cells)
    for source in few:
        reason = f"{source}: needs {MIN_DRAWS} conversations of each arm under each prompt, of that alone"
        yield left_out("effects", reason)
    grid = grid_of([cell for cell in cells if source_of(cell.arm) not in few])
    if not grid:
        reason = "needs two sources with both conditions"
        yield left_out("effects", reason)
        return
    rows: list[EffectRow] = []
    for field in study.schema.by_role("protected", "attribute", "number"):
        found = _of_field(field, grid, study)
        if isinstance(found, str):
            yield left_out("effects", found, field.path)
        else:
            rows += found
    adjusted = benjamini_hochberg([row.p for row in rows])
    yield from (replace(row, q=q) for row, q in zip(rows, adjusted, strict=True))


def grid_of(cells: Sequence[Cell]) -> list[Cell]:
    """The cells of all sources that have both conditions, under prompts that each of them answered."""
    sources = {source_of(cell.arm): set[str]() for cell in cells}
    for cell in cells:
        sources[source_of(cell.arm)].add(condition_of(cell.arm))
    crossed = [source for source, found in sources.items() if {*CONDITIONS} <= found]
    arms = {f"{source}/{condition}" for source in crossed for condition in CONDITIONS}
    grid = [cell for cell in cells if cell.arm in arms]
    answers = [cell.prompt.id for cell in grid]
    return [cell for cell in grid if answers.count(cell.prompt.id) == len(arms)] if len(crossed) > 1 else []


def _in_too_few_conversations(cells: Sequence[Cell]) -> list[str]:
    """Sources that would leave no effects for the others, or whose conversations span cells."""
    seen = Counter(unit for cell in cells for unit in {*cell.parsed_units})
    few = [
        cell
        for cell in cells
        if (cell.clustered and len({*cell.parsed_units}) < MIN_DRAWS)
        or any(seen[unit] > 1 for unit in cell.parsed_units)
    ]
    return list(dict.fromkeys(source_of(cell.arm) for cell in few))


def _of_field(field: Field, grid: Sequence[Cell], study: Study) -> list[EffectRow] | str:
    """The rows, whose q is not known yet; or the reason why there are none."""
    values, cells = _by_unit(*_values(field, grid, study))
    n_drawn = Counter(cell.key for cell in cells)
    few = {cell.prompt.id for cell in grid if n_drawn[cell.key] < MIN_DRAWS}
    prompts = {cell.prompt.id for cell in grid} - few
    if not prompts:
        return f"needs {MIN_DRAWS} draws with a valid value, of every arm under one prompt"
    kept = np.array([cell.prompt.id in prompts for cell in cells])
    values, cells = values[kept], [cell for cell, keep in zip(cells, kept, strict=True) if keep]
    varying = np.ptp(values, axis=0) > 0
    if not varying.any():
        return f"the same value in all {len(values)} draws"
    factors = Factors(
        source=tuple(source_of(cell.arm) for cell in cells),
        condition=tuple(condition_of(cell.arm) for cell in cells),
        block=tuple(cell.prompt.id for cell in cells),
    )
    draws, seed = study.params.null_draws, seed_for(study.params.seed, "effects")
    counts = counts_of([cell for cell in grid if cell.prompt.id in prompts])
    found = [effect_of(name, values[:, varying], factors, draws=draws, seed=seed) for name in EFFECTS]
    return [_row(field, factors, one, counts, study) for one in found]


def _values(field: Field, grid: Sequence[Cell], study: Study) -> tuple[Floats, list[tuple[Cell, Unit]]]:
    """The value of each draw, and its cell and unit.

    Values have shape (n, n_levels), zeros and ones; those of a number field (n, 1).
    """
    drawn = [((cell, unit), profile) for cell in grid for profile, unit in cell.whole([field])]
    if field.role == "number":
        numbers = [(whose, number_of(get(profile, field.path))) for whose, profile in drawn]
        kept = [(whose, number) for whose, number in numbers if number is not None]
        return np.array([[number] for _, number in kept]).reshape(-1, 1), [whose for whose, _ in kept]
    levels = levels_of(field, study.everyone)
    found = [levels.of(profile) for _, profile in drawn]
    indicators = np.array([[name == level for level in levels.names] for name in found], float)
    return indicators.reshape(len(drawn), len(levels.names)), [whose for whose, _ in drawn]


def _by_unit(values: Floats, whose: Sequence[tuple[Cell, Unit]]) -> tuple[Floats, list[Cell]]:
    """The mean of each unit, shape (n_units, k), and its cell; the values themselves if all are units."""
    units, cells = [unit for _, unit in whose], [cell for cell, _ in whose]
    if not hang_together(units):
        return values, cells
    places = places_of(units)
    first = np.unique(places, return_index=True)[1]
    sums = np.zeros((len(first), values.shape[1]))
    np.add.at(sums, places, values)
    return sums / np.bincount(places)[:, None], [cells[i] for i in first]


def _row(field: Field, factors: Factors, one: Effect, counts: tuple[int, int], study: Study) -> EffectRow:
    confidence = study.params.confidence
    low, high = explained_interval(one.partial_eta2, one.left_out_eta2, one.p, confidence)
    return EffectRow(
        arm=ALL,
        prompt=ALL,
        field=field.path,
        role=field.role,
        effect=one.name,
        sources=" | ".join(dict.fromkeys(factors.source)),
        n=len(factors.source),
        n_prompts=len({*factors.block}),
        df=one.df,
        f=one.f,
        partial_eta2=one.partial_eta2,
        low=low,
        high=high,
        band_high=float(np.quantile(one.null_eta2, confidence)),
        p=one.p,
        q=1.0,
        n_drawn=counts[0],
        n_readable=counts[1],
    )
