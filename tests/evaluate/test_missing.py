"""Missing is not a level: what a profile leaves out, or fills with nonsense, moves no measure of content."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from stages.common.evaluated import EvaluatedProfile
from stages.common.records import Profile
from stages.common.tables.base import ReadRow, Row
from stages.common.tables.bias import AssociationRow
from stages.common.tables.format import PresenceRow
from stages.evaluate.bias.association import association
from stages.evaluate.bias.cramer import strengths
from stages.evaluate.cells import Cell, cells_of
from stages.evaluate.chance.multiple import within_groups
from stages.evaluate.contrasts.statistics import (
    Reading,
    association_score,
    categories,
    differing,
    per_draw,
    variety_score,
)
from stages.evaluate.families import OF_A_CELL, OF_THE_STUDY
from stages.evaluate.fidelity.fitting import joint_excess, with_one_more
from stages.evaluate.fidelity.pairs import pair_shares
from stages.evaluate.rows import rows_of
from stages.evaluate.study import evaluate
from stages.evaluate.values.coding import NONE, coded
from stages.evaluate.values.crossing import crossing
from stages.evaluate.values.distance import distances
from stages.evaluate.values.similarity import similarities
from stages.evaluate.variety.diversity import vendi_scores
from tests.evaluate.fakes import FREE, INDOOR, PARAMS, cat, contrast, draws, study

FEW = study(FREE, INDOOR, params=PARAMS.model_copy(update={"null_draws": 100}))
MANY = study(FREE, params=PARAMS.model_copy(update={"null_draws": 1000}))
SCHEMA = FEW.schema
HOW = Reading(SCHEMA, tuple(FEW.training["original"]))
VALID: dict[str, list[Any]] = {
    "coat": ["black", "white"],
    "tame": [True, False, None],
    "home": [{"kind": "indoor"}, {"kind": "outdoor"}, {"kind": "ship"}],
    "breed": ["mix", "siam", "new"],
    "mice": [0, 1, 3, 7, None],
    "note": ["sleeps", "hunts all day", "sleeps and hunts"],
}
INVALID: dict[str, Any] = {
    "coat": 7,
    "tame": "?",
    "home": {"kind": "moon"},
    "breed": 1,
    "mice": -1,
    "note": None,
}


def random_cat(rng: np.random.Generator) -> Profile:
    return {name: values[rng.integers(len(values))] for name, values in VALID.items()}


def malformed(filled: Profile, rng: np.random.Generator) -> Profile:
    """The same profile, but for one to all of its fields, which are missing or invalid."""
    spoilt = rng.permutation(list(VALID))[: 1 + rng.integers(len(VALID))]
    bad = {name: INVALID[name] for name in spoilt if rng.random() < 0.5}
    return {name: value for name, value in filled.items() if name not in spoilt} | bad


def arms(seed: int, n: int) -> tuple[list[Profile], Profile, Profile]:
    """A clean arm; a malformed profile; the same with valid random values."""
    rng = np.random.default_rng(seed)
    clean, filled = [random_cat(rng) for _ in range(n)], random_cat(rng)
    return clean, malformed(filled, rng), filled


def cell_of(profiles: Sequence[Profile]) -> Cell:
    read = [
        EvaluatedProfile.model_construct(
            arm="a/original", prompt_id=FREE.id, draw=i, conversation=None, profile=profile
        )
        for i, profile in enumerate(profiles)
    ]
    [whole] = cells_of(draws(cat()), FEW)
    return Cell(whole.arm, whole.condition, whole.prompt, tuple(read), whole.reference, SCHEMA)


def measures(profiles: Sequence[Profile], turn: int) -> Iterator[tuple[tuple[str, ...], float]]:
    """Every measure of content that needs no null, by its name and fields; of pairs of fields 2, in turns."""
    cell, everyone = cell_of(profiles), np.ones((1, len(profiles)), bool)
    compared = SCHEMA.by_role("protected", "attribute", "number")
    codes = {field.path: coded(field, cell.content, cell.reference.profiles) for field in compared}
    for path, one in codes.items():
        yield ("share", path), float((one.written == 0).mean())
    for first, second in [*combinations(codes, 2)][turn % 5 :: 5]:
        yield (
            ("association", first, second),
            float(
                strengths(crossing(codes[first].generated, codes[second].generated).table.astype(np.float64))
            ),
        )
        score = association_score(*(categories(profiles, path, HOW) for path in (first, second)))
        yield ("contrast", first, second), float(score(everyone)[0])
        here = (codes[first].generated != NONE) & (codes[second].generated != NONE)
        shape = codes[first].n_levels, codes[second].n_levels
        shares = pair_shares(codes[first].generated[here], codes[second].generated[here], shape)
        people = pair_shares(codes[first].reference, codes[second].reference, shape)
        reference = with_one_more(people, len(codes[first].reference))
        yield ("joint", first, second), float(joint_excess(shares, reference))
    yield ("mean", "mice"), float(np.nanmean(per_draw(contrast("mean", field="mice"), cell.draws, HOW)))
    yield ("variety",), float(variety_score(differing(profiles, SCHEMA))(everyone)[0])
    whole = [profile for profile, _ in cell.whole(SCHEMA.fields)]
    yield ("distance",), float(np.nanmean(distances(cell.content, SCHEMA, FEW.ranges)))
    yield ("vendi",), float(vendi_scores(similarities(whole, SCHEMA, FEW.ranges)))


def test_a_malformed_profile_moves_no_measure_by_more_than_a_valid_one() -> None:
    moved = 0
    for seed in range(500):
        clean, bad, filled = arms(seed, n=8)
        parts: list[list[Profile]] = [[], [bad], [filled]]
        before, with_bad, with_filled = (dict(measures([*clean, *more], seed)) for more in parts)
        for key, value in with_bad.items():
            # fields that it has count as in the valid profile, the others not at all
            same = (before[key], with_filled[key])
            assert any(value == pytest.approx(one, abs=1e-9, nan_ok=True) for one in same), (seed, key)
            assert (
                np.isnan(before[key])
                or abs(value - before[key]) <= abs(with_filled[key] - before[key]) + 1e-9
            )
            moved += value != before[key]
    assert moved > 1000


@pytest.mark.parametrize("seed", range(6))
def test_no_row_of_content_is_moved_but_by_valid_values(seed: int) -> None:
    clean, bad, filled = arms(seed, n=8)
    before, with_bad, with_filled = (dict(point_estimates(clean, more)) for more in ([], [bad], [filled]))
    for key, value in with_bad.items():
        assert any(value == pytest.approx(some[key]) for some in (before, with_filled) if key in some), key


def point_estimates(
    clean: Sequence[Profile], more: Sequence[Profile]
) -> Iterator[tuple[tuple[Any, ...], float]]:
    """What is neither count nor chance in the tables of content; of four arms under two prompts."""
    first, *others = (
        "tiny+lora/original",
        "tiny+lora/augmented",
        "tiny+shots/original",
        "tiny+shots/augmented",
    )
    rows = draws(*clean, *more, arm=first)
    for i, arm in enumerate(others):
        rows += draws(*arms(100 + i, n=6)[0], arm=arm)
    for i, arm in enumerate((first, *others)):
        rows += draws(*arms(200 + i, n=6)[0], arm=arm, prompt_id=INDOOR.id)
    cells = cells_of(rows, FEW)
    names = {"fidelity", "joint", "tails", "representation", "numbers", "association"}
    families = [one for one in OF_A_CELL if one.__name__ in names]
    across = [
        one for one in OF_THE_STUDY if one.__name__ in {"likeness", "agreement", "differences", "effects"}
    ]
    found: list[Row] = [row for cell in cells for one in families for row in one(cell, FEW)]
    for row in [*found, *(row for one in across for row in one(cells, FEW))]:
        if isinstance(row, ReadRow):
            words = tuple(
                getattr(row, one.name) for one in fields(row) if isinstance(getattr(row, one.name), str)
            )
            for name in (
                "tv",
                "excess",
                "ks",
                "ratio",
                "v",
                "kappa",
                "within",
                "between",
                "r2",
                "partial_eta2",
            ):
                if hasattr(row, name):
                    yield (type(row).__name__, *words, name), getattr(row, name)


def test_one_malformed_profile_of_192_no_longer_ties_unrelated_fields_together() -> None:
    table = np.array([[60, 43], [44, 44]])
    kinds = ("indoor", "outdoor")
    clean = [
        cat(coat=coat, home={"kind": kind})
        for i, coat in enumerate(("black", "white"))
        for j, kind in enumerate(kinds)
        for _ in range(table[i, j])
    ]
    # a level of both fields that nobody else has: phi2 rises by 1, and V = sqrt((1 + phi2) / 2)
    assert strengths(np.pad(table, (0, 1)) + np.diag([0.0, 0, 1])) == pytest.approx(0.70, abs=0.01)
    spoilt = cat(coat="pink", home={"kind": "moon"})
    [cell] = cells_of(draws(*clean, spoilt), MANY)
    found = [row for row in rows_of(AssociationRow, association(cell, MANY)) if row.attribute == "home.kind"]
    [v] = [row for row in found if row.field == "coat"]
    assert (v.n, v.v) == (191, float(strengths(table.astype(float))))
    assert v.v == pytest.approx(0.04, abs=0.005)


def test_two_profiles_that_lack_the_same_fields_are_not_alike() -> None:
    bare = {"coat": "black"}
    rows = evaluate([*draws(bare, bare), *draws(bare, bare, prompt_id=INDOOR.id)], FEW).rows
    reasons = {getattr(row, "table", ""): getattr(row, "reason", "") for row in rows}
    assert reasons["likeness"].startswith(
        "profiles with valid values in all 5 compared fields: 0 of 4 readable"
    )
    assert reasons["variety"].startswith(
        "profiles with valid values in all 6 compared fields: 0 of 2 readable"
    )
    # what is missing is counted once
    present = Counter(row.field for row in rows_of(PresenceRow, rows) if not row.n_present)
    assert present == dict.fromkeys(["tame", "home.kind", "breed", "mice", "note"], 2)


def test_every_number_says_of_how_many_readable_draws_it_is() -> None:
    bare = {"coat": "black"}
    rows = evaluate(draws(cat(), cat(coat="white"), cat(), bare, "no", "no", "no"), FEW).rows
    of_home = next(
        row for row in rows if type(row).__name__ == "TotalVariationRow" and row.field == "home.kind"
    )
    assert (of_home.n, of_home.n_readable, of_home.n_drawn) == (3, 4, 7)
    assert all(row.n_drawn == 7 and row.n_readable == 4 for row in rows if isinstance(row, ReadRow))


def test_arms_that_leave_out_fields_lower_nobodys_bar() -> None:
    # ten small p of one arm would make .04 of the other pass: pooled q = .04
    p, arms_of = [0.001] * 10 + [0.04, 0.9], ["a"] * 10 + ["b"] * 2
    assert within_groups(p, arms_of)[-2:] == [0.08, 0.9]
