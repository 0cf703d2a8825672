"""Contrasts of conversations: no more found than there is, nothing where nothing can be found."""

import numpy as np
import pytest

from stages.common.tables.base import NotComputed
from stages.common.tables.contrasts import MinimumEffectRow
from stages.evaluate.cells import Cell, cells_of
from stages.evaluate.contrasts.family import declared, interval_of
from stages.evaluate.contrasts.interval import newcombe
from stages.evaluate.contrasts.minimum import minimum_effects
from stages.evaluate.contrasts.permutation import Outcome
from stages.evaluate.contrasts.testing import compare
from stages.evaluate.params import EvaluateParams
from stages.evaluate.rows import rows_of
from tests.evaluate.clustered import pasted
from tests.evaluate.fakes import CONTRAST, FREE, PARAMS, cat, contrast, draws, study

ARMS = {"arm_a": "claude/original", "arm_b": "tiny/none"}
WHITE, BLACK = cat(coat="white"), cat()


def compared(*rows, one=CONTRAST, **arms):
    named = one.model_copy(update={**ARMS, **arms})
    by_arm: dict[str, Cell] = {cell.arm: cell for cell in cells_of(rows, study(FREE))}
    return named, compare(named, by_arm[named.arm_a], by_arm[named.arm_b], study(FREE))


def bare(*profiles):
    return draws(*profiles, arm="tiny/none")


@pytest.mark.parametrize("copied", [True, False])
def test_copies_within_conversations_find_no_more_than_chance(copied):
    # 6 conversations of 8 copies, and 6 draws that are no different; taken for 48 draws, they often differ
    rng, n, p = np.random.default_rng(1), 60, []
    for _ in range(n):
        coats = [[cat(coat=coat)] * 8 for coat in rng.choice(["black", "white"], 6)]
        others = bare(*[cat(coat=coat) for coat in rng.choice(["black", "white"], 6)])
        said = (
            pasted(*coats) if copied else draws(*[one for talk in coats for one in talk], arm=ARMS["arm_a"])
        )
        twice = [one.model_copy(update={"draw": one.draw + 6 * i}) for i in range(8) for one in others]
        _, found = compared(*said, *(others if copied else twice))
        assert isinstance(found, Outcome)
        p.append(found.p)
    n_found = sum(one <= 0.05 for one in p)
    # P(B(60, .05) > 7) = .02
    assert n_found <= 7 if copied else n_found > 15


def test_names_of_conversations_are_no_matter():
    talks = [[WHITE, BLACK], [WHITE] * 3, [BLACK], [WHITE, WHITE]]
    others = bare(*[BLACK] * 7, WHITE)
    first, second = (compared(*pasted(*talks, name=name), *others)[1] for name in ("a", "z"))
    assert isinstance(first, Outcome)
    assert isinstance(second, Outcome)
    assert (first.p, first.worth) == (second.p, second.worth)


def test_one_draw_a_conversation_is_as_good_as_none():
    profiles = [WHITE] * 6 + [BLACK] * 2
    others = bare(*[BLACK] * 7, WHITE)
    alone = compared(*draws(*profiles, arm="claude/original"), *others)[1]
    talks = compared(*pasted(*[[one] for one in profiles]), *others)[1]
    assert isinstance(alone, Outcome)
    assert isinstance(talks, Outcome)
    assert (alone.p, alone.worth) == (talks.p, None)


def test_shares_have_the_interval_of_as_many_conversations():
    # fewer than 10 conversations of 4: worth as many draws as there are conversations
    named, found = compared(*pasted(*[[WHITE] * 4] * 4, [BLACK] * 4), *bare(*[BLACK] * 8))
    assert isinstance(found, Outcome)
    assert found.worth == (5.0, 8.0)
    assert interval_of(named, found, 0.95) == newcombe(0.8, 5.0, 0.0, 8.0, 0.95)


def test_means_leave_conversations_out():
    number = contrast("mean", field="mice")
    talks = pasted(*[[cat(mice=i), cat(mice=i)] for i in range(4)])
    _, found = compared(*talks, *bare(*[cat(mice=9)] * 5), one=number)
    assert isinstance(found, Outcome)
    assert found.worth == (4, 5)
    # of 0 0 1 1 2 2 3 3, without each pair: 2, 5/3, 4/3, 1; se^2 = 3/4 · 5/9
    assert found.standard_error == pytest.approx(np.sqrt(5 / 12))


def test_too_few_conversations_are_said_and_not_tested():
    one = compared(*pasted([WHITE] * 10), *bare(*[BLACK] * 10))[1]
    assert one == "needs >= 2 conversations of each arm; there are 1 and 10"
    two = compared(*pasted([WHITE] * 5, [WHITE] * 5), *bare(BLACK, BLACK))[1]
    assert two == "2 and 2 conversations, exchanged whole, give p >= 0.33; needs p <= 0.05"
    both = [*pasted([WHITE, WHITE], [BLACK]), *pasted([BLACK], [BLACK], arm="claude/none")]
    assert compared(*both, arm_b="claude/none")[1] == "a conversation has draws of both arms"
    pairs = compared(*pasted([WHITE] * 3, [BLACK]), *bare(BLACK, WHITE, BLACK), one=contrast("variety"))[1]
    assert pairs == "variety compares draws with each other; those of a conversation hang together"


def test_no_minimum_effect_is_told_of_conversations():
    changed = PARAMS.model_dump() | {"contrasts": [{**CONTRAST.model_dump(), **ARMS}]}
    cats = study(FREE, params=EvaluateParams.model_validate(changed))
    cells = cells_of([*pasted(*[[WHITE] * 2] * 5), *bare(*[BLACK] * 8)], cats)
    [row] = declared(cells, cats)
    assert not isinstance(row, NotComputed)
    rows = list(minimum_effects(cells, cats))
    assert rows_of(MinimumEffectRow, rows) == []
    assert [one.reason for one in rows_of(NotComputed, rows)] == ["it is of draws that do not hang together"]
