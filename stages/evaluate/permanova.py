"""Do the sources differ in what they write, all fields taken together?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from stages.common.comparison import headline_prompt
from stages.common.records import Profile
from stages.common.seeds import seed_for
from stages.evaluate.cells import Cell, Study
from stages.evaluate.distance import distances
from stages.evaluate.fidelity import null_band
from stages.evaluate.rows import ALL, NotComputed, Row
from stages.evaluate.shuffling import shuffled_sums, within_sums

MIN_PROFILES = 2
"""Of a source; one profile has no variation."""


@dataclass(frozen=True)
class Permanova:
    """`p` is at least 1 / (n_permutations + 1)."""

    pseudo_f: float
    r2: float
    """Share of the variation that lies between groups, [0, 1]; above 0 by chance alone."""
    p: float
    null_r2: NDArray[np.float64]
    """Of the shuffles, shape (n_permutations,)."""


@dataclass(frozen=True)
class PermanovaRow(Row):
    """permanova.csv; n = profiles parsed. Its arm is always "(all)"."""

    sources: str
    """"(all)", or two names joined by " | "."""
    n_sources: int
    n: int
    n_used: int
    """All, or a seeded subsample."""
    pseudo_f: float
    r2: float
    band_low: float
    """With band_high: r2 where the source makes no difference."""
    band_high: float
    p: float
    n_permutations: int


@dataclass(frozen=True)
class _Written:
    """A profile, who wrote it, and what was asked."""

    source: str
    prompt: str
    profile: Profile


def permanova(
    distance: NDArray[np.float64],
    groups: Sequence[int],
    blocks: Sequence[int],
    *,
    n_permutations: int,
    seed: int,
) -> Permanova:
    """Permutational analysis of variance of a distance (Anderson 2001, Austral Ecology 26:32).

    SS_total = sum of d^2 over all pairs / N;  SS_within = sum over groups of (sum of d^2 over
    the pairs within / size);  F = ((SS_total - SS_within) / (a - 1)) / (SS_within / (N - a)),
    a = number of groups;  R2 = 1 - SS_within / SS_total;
    p = (1 + shuffles with F at least as large) / (1 + shuffles), shuffled within blocks.

    Groups that differ in spread alone can be found different too.

    Args:
        distance: symmetric, shape (N, N).
        groups: the group of every row, from 0 and without gaps.
        blocks: labels are exchanged between rows of one block alone.

    Raises:
        ValueError: if there are fewer than 2 groups, N = a, no block holds two groups,
            all rows are alike, or all rows within every group are.
    """
    _check(groups, blocks)
    labels, squared = np.asarray(groups), distance**2
    n, sizes = len(labels), np.bincount(labels)
    total = round(float(squared.sum()) / 2 / n, 9)
    within = float(_sum_of_squares(within_sums(squared, labels), sizes))
    if total == 0 or within == 0:
        raise ValueError("no variation" if total == 0 else "no variation within a group: F is infinite")
    sums = shuffled_sums(squared, labels, draws=n_permutations, seed=seed, blocks=np.asarray(blocks))
    shuffled = _sum_of_squares(sums, sizes)
    p = (1 + int(np.count_nonzero(shuffled <= within))) / (1 + n_permutations)
    pseudo_f = (total - within) / (len(sizes) - 1) / (within / (n - len(sizes)))
    return Permanova(pseudo_f, (total - within) / total, p, 1 - shuffled / total)


def differences(cells: Sequence[Cell], study: Study) -> Iterator[Row]:
    """PERMANOVA by source under the headline prompt and under all: of all sources, of each pair.

    The arms of a source are taken together, whatever their condition. The distance is the square
    root of Gower's, which is Euclidean where his is not (Gower 1971): R2 cannot be negative.
    """
    headline = headline_prompt(study.prompts).id
    for prompt in dict.fromkeys([headline, ALL]):
        written = _written([cell for cell in cells if prompt in (ALL, cell.prompt.id)])
        able = [source for source, rows in written.items() if len(rows) >= MIN_PROFILES]
        if len(able) < 2:
            reason = f"needs 2 sources with {MIN_PROFILES} profiles parsed; there are {len(able)}"
            yield NotComputed(ALL, prompt, "permanova", "", reason)
            continue
        pairs = list(combinations(able, 2)) if len(able) > 2 else []
        for compared in [tuple(able), *pairs]:
            rows = [row for source in compared for row in written[source]]
            yield _row(prompt, ALL if len(compared) == len(able) else " | ".join(compared), rows, study)


def _check(groups: Sequence[int], blocks: Sequence[int]) -> None:
    n_groups = len({*groups})
    if n_groups < 2 or len(groups) <= n_groups:
        raise ValueError("needs 2 groups, and a group with 2 rows")
    if len({*zip(groups, blocks, strict=True)}) == len({*blocks}):
        raise ValueError("no block (prompt) holds two groups (sources)")


def _written(cells: Sequence[Cell]) -> dict[str, list[_Written]]:
    found: dict[str, list[_Written]] = {}
    for cell in cells:
        source = cell.arm.rsplit("/", 1)[0]
        rows = [_Written(source, cell.prompt.id, profile) for profile in cell.profiles]
        found.setdefault(source, []).extend(rows)
    return found


def _row(prompt: str, sources: str, rows: Sequence[_Written], study: Study) -> Row:
    params, n = study.params, len(rows)
    rng = np.random.default_rng(seed_for(params.seed, "permanova rows", prompt, sources))
    used = [rows[i] for i in np.sort(rng.permutation(n)[: params.max_pairwise])]
    names, prompts = sorted({row.source for row in used}), sorted({row.prompt for row in used})
    try:
        found = permanova(
            np.sqrt(distances([row.profile for row in used], study.schema, study.ranges)),
            [names.index(row.source) for row in used],
            [prompts.index(row.prompt) for row in used],
            n_permutations=params.null_draws,
            seed=seed_for(params.seed, "permanova", prompt, sources),
        )
    except ValueError as error:
        return NotComputed(ALL, prompt, "permanova", "" if sources == ALL else sources, str(error))
    return PermanovaRow(
        *(ALL, prompt, sources, len(names), n, len(used), found.pseudo_f, found.r2),
        *null_band(found.null_r2, params.confidence),
        *(found.p, params.null_draws),
    )


def _sum_of_squares(sums: NDArray[np.float64], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Shape (..., n_groups) -> (...); rounded, so that equal partitions tie."""
    rounded: NDArray[np.float64] = np.round((sums / sizes).sum(axis=-1), 9)
    return rounded
