"""Do the sources differ in what they write, all fields taken together?"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from stages.common.comparison import headline_prompt, source_of
from stages.common.fields import Field
from stages.common.records import Profile
from stages.common.seeds import seed_for
from stages.common.tables.base import ALL, Row
from stages.common.tables.consistency import PermanovaRow
from stages.evaluate.cells import Cell, Study, counts_of, freely_drawn
from stages.evaluate.chance.nulls import null_band
from stages.evaluate.chance.shuffling import too_few_exchanges
from stages.evaluate.consistency.permanova import Permanova, permanova
from stages.evaluate.intervals.jackknife import explained_interval
from stages.evaluate.rows import left_out
from stages.evaluate.units import Unit, hang_together, places_of
from stages.evaluate.values.content import compared, too_few_whole
from stages.evaluate.values.distance import distances

MIN_PROFILES = 2
"""Profiles of a source with valid values in all compared fields; one profile has no variation."""


@dataclass(frozen=True)
class _Written:
    """A profile, who wrote it, and what was asked."""

    source: str
    prompt: str
    profile: Profile
    unit: Unit


def differences(cells: Sequence[Cell], study: Study) -> Iterator[Row]:
    """PERMANOVA by source, under the headline prompt and under all: all sources together, and each pair.

    The arms of a source are taken together, whatever their condition. The distance is the square
    root of Gower's, which is Euclidean where his is not, as long as no value is missing (Gower 1971): R2
    cannot be negative. So it takes profiles with valid values in all compared fields.
    """
    headline, cells = headline_prompt(study.prompts).id, freely_drawn(cells)
    fields = compared(study.schema)
    for prompt in dict.fromkeys([headline, ALL]):
        of_prompt = [cell for cell in cells if prompt in (ALL, cell.prompt.id)]
        written = _written(of_prompt, fields)
        able = [source for source, rows in written.items() if len(rows) >= MIN_PROFILES]
        for source in [one for one in written if one not in able]:
            n_readable = sum(len(cell.profiles) for cell in of_prompt if source_of(cell.arm) == source)
            reason = f"{too_few_whole(len(written[source]), n_readable, fields)}; needs {MIN_PROFILES}"
            yield left_out("permanova", reason, source, prompt=prompt)
        if len(able) < 2:
            reason = f"needs 2 sources with {MIN_PROFILES} such profiles; there are {len(able)}"
            yield left_out("permanova", reason, prompt=prompt)
            continue
        pairs = list(combinations(able, 2)) if len(able) > 2 else []
        for names in [tuple(able), *pairs]:
            rows = [row for source in names for row in written[source]]
            found = _row(prompt, ALL if len(names) == len(able) else " | ".join(names), rows, study)
            if isinstance(found, PermanovaRow):
                n_drawn, n_readable = counts_of([one for one in of_prompt if source_of(one.arm) in names])
                found = replace(found, n_drawn=n_drawn, n_readable=n_readable)
            yield found


def _written(cells: Sequence[Cell], fields: Sequence[Field]) -> dict[str, list[_Written]]:
    found: dict[str, list[_Written]] = {}
    for cell in cells:
        source = source_of(cell.arm)
        rows = [_Written(source, cell.prompt.id, *whole) for whole in cell.whole(fields)]
        found.setdefault(source, []).extend(rows)
    return found


def _evenly(rows: Sequence[_Written], n_kept: int, seed: int) -> list[_Written]:
    """At most `n_kept` rows, dealt in turn from each source under each prompt: the few of a source stay."""
    turns: Counter[tuple[str, str]] = Counter()
    order = np.random.default_rng(seed).permutation(len(rows))
    turn = np.zeros(len(rows), np.intp)
    for i in order:
        stratum = rows[i].source, rows[i].prompt
        turn[i] = turns[stratum]
        turns[stratum] += 1
    dealt = order[np.argsort(turn[order], kind="stable")]
    return [rows[i] for i in np.sort(dealt[:n_kept])]


def _permanova(rows: Sequence[_Written], study: Study, seed: int) -> Permanova:
    """PERMANOVA of the rows by source, exchanged within prompts; ValueError if the rows allow none."""
    names, prompts = sorted({row.source for row in rows}), sorted({row.prompt for row in rows})
    groups, blocks = (
        [some.index(getattr(row, key)) for row in rows]
        for some, key in ((names, "source"), (prompts, "prompt"))
    )
    together, places = hang_together([row.unit for row in rows]), places_of(row.unit for row in rows)
    if together and (
        reason := too_few_exchanges(places, np.asarray(groups), np.asarray(blocks), study.params.alpha)
    ):
        raise ValueError(reason)
    return permanova(
        np.sqrt(distances([row.profile for row in rows], study.schema, study.ranges)),
        groups,
        blocks,
        n_permutations=study.params.null_draws,
        seed=seed,
        units=places if together else None,
    )


def _row(prompt: str, sources: str, rows: Sequence[_Written], study: Study) -> Row:
    params, n = study.params, len(rows)
    used = _evenly(rows, params.max_pairwise, seed_for(params.seed, "permanova rows", prompt, sources))
    try:
        found = _permanova(used, study, seed_for(params.seed, "permanova", prompt, sources))
    except ValueError as error:
        return left_out("permanova", str(error), "" if sources == ALL else sources, prompt=prompt)
    low = high = None
    if not hang_together([row.unit for row in used]):  # it leaves draws out one by one
        low, high = explained_interval(found.r2, found.left_out_r2, found.p, params.confidence)
    band_low, band_high = null_band(found.null_r2, params.confidence)
    return PermanovaRow(
        arm=ALL,
        prompt=prompt,
        sources=sources,
        n_sources=len({row.source for row in used}),
        n=n,
        n_used=len(used),
        pseudo_f=found.pseudo_f,
        r2=found.r2,
        low=low,
        high=high,
        band_low=band_low,
        band_high=band_high,
        p=found.p,
        n_permutations=params.null_draws,
    )
