"""What is said, and what is not, of ten draws of one conversation."""

from dataclasses import fields
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.tables.base import NO_BAND, ROW, Band, NotComputed
from stages.common.tables.consistency import AgreementRow, EffectRow, LikenessRow, PermanovaRow
from stages.common.tables.fidelity import DistributionRow, TotalVariationRow
from stages.common.tables.format import ConversationRow, ValidityRow
from stages.common.tables.registry import TABLES
from stages.common.tables.variety import VarietyRow
from stages.common.tables.words import MarkedWordRow
from stages.evaluate.cells import cells_of
from stages.evaluate.conversations import TOLD
from stages.evaluate.intervals.rates import Tally, clopper_pearson, least_effective, n_effective
from stages.evaluate.rows import rows_of
from stages.evaluate.study import evaluate
from stages.evaluate.tables import as_table
from tests.evaluate.clustered import CHAT, pasted
from tests.evaluate.fakes import FREE, INDOOR, cat, draws, study

TALK = [cat(coat=coat, mice=mice) for mice, coat in enumerate(["black", "white"] * 5)]
TUNED = draws(*TALK, arm="tiny+lora/original")


def test_rates_of_ten_draws_are_those_of_one():
    [row] = rows_of(ValidityRow, evaluate(pasted([*TALK[:9], "no"]), study()).rows)
    assert (row.n, row.n_conversations, row.n_valid, row.rate.rate) == (10, 1, 9, 0.9)
    assert (row.rate.low, row.rate.high) == clopper_pearson(0.9, 1.0)


def test_the_table_of_conversations():
    [row] = rows_of(ConversationRow, evaluate(pasted(TALK[:6], TALK[6:8]), study()).rows)
    # 8^2 / (36 + 4)
    assert (row.n_draws, row.n_conversations, row.n_largest, row.n_effective) == (8, 2, 6, 1.6)


def test_what_takes_draws_to_be_independent_is_left_out_and_told_once():
    rows = [row for row in evaluate([*pasted(TALK), *TUNED], study(FREE)).rows if row.arm == CHAT]
    assert [row for row in rows if ROW in row.independent] == []
    for row in rows:
        assert all(getattr(row, name) in (None, NO_BAND) for name in row.independent)
    assert {row.band for row in rows_of(TotalVariationRow, rows)} == {NO_BAND}
    told = {(row.table, row.part): row.reason for row in rows_of(NotComputed, rows)}
    reason = "10 profiles of 1 conversation hang together"
    assert [key for key, found in told.items() if found == reason] == [*TOLD]
    assert len(told) <= 14
    [first, *_] = rows_of(VarietyRow, rows)
    assert (first.n, first.low) == (10, None)
    assert ("variety", "interval") in told


def test_tables_have_empty_cells_and_no_other_arm_changes():
    alone, beside = (evaluate(rows, study(FREE)).rows for rows in (TUNED, [*pasted(TALK), *TUNED]))
    for name, kind in TABLES.items():
        if name in ("total_variation", "validity", "rules", "variety", "lexicon", "contrasts"):
            both = as_table(kind, beside)
            # q too: no arm lowers another's bar
            assert both[both.arm != CHAT].reset_index(drop=True).equals(as_table(kind, alone))
    text = as_table(TotalVariationRow, beside).to_csv(index=False)
    [line] = [line for line in text.splitlines() if line.startswith(f"{CHAT},any-cat,coat")]
    assert line.endswith(",,,,,,,")


@pytest.mark.parametrize("kind", [*TABLES.values(), DistributionRow])
def test_every_row_says_what_needs_independent_draws(kind):
    optional = {one.name for one in fields(kind) if one.type is Band or type(None) in get_args(one.type)}
    assert "independent" in vars(kind)  # not inherited in silence
    assert kind.independent == (ROW,) or {*kind.independent} <= optional


def test_what_is_told_once_is_left_out():
    assert [table for table, part in TOLD if part == "value" and ROW not in TABLES[table].independent] == []


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=30))
def test_draws_are_worth_something_between_conversations_and_draws(rows):
    has, units = zip(*rows, strict=True)
    tally, renamed = Tally(has, units), Tally(has, [f"other {unit}" for unit in units])
    assert 1 - 1e-9 <= least_effective(units) <= len({*units}) + 1e-9
    found = tally.rate(0.95)
    assert found == renamed.rate(0.95)
    assert found.low <= found.rate <= found.high
    independent = Tally(has, range(len(has))).rate(0.95)
    assert (independent.low, independent.high) == clopper_pearson(sum(has), len(has))
    assert found.high - found.low >= independent.high - independent.low - 1e-9


def test_the_effective_number_by_hand():
    # 20 conversations of 3, half of them copies that have it, half copies that do not: the sum of (has - 1/2)
    # is 3/2 or -3/2, so that v = 20/19 · 20 · 9/4 / 60^2 = 1/76, and p (1 - p) / v = 19; the degrees of
    # freedom make it less; but it does not go below the 20 conversations
    units = [i // 3 for i in range(60)]
    assert n_effective(Tally([True] * 30 + [False] * 30, units), 0.95) == 20
    assert n_effective(Tally([True] * 60, units), 0.95) == 20
    # 10 of 20 with two of three and 10 with one: v = 20/19 · 20 · 1/4 / 3600, p (1 - p) / v = 171 > 60
    assert n_effective(Tally([True, True, False] * 10 + [True, False, False] * 10, units), 0.95) == 60
    # 14 conversations of copies (7 have it), 6 with two or one of three: v = 20/19 · (14 · 9/4 + 6/4) / 3600
    # = .00965; 1/4 / v = 25.9; (t(59) / t(19))^2 = (2.0010 / 2.0930)^2 = .9140
    mixed = [True] * 21 + [False] * 21 + [True, True, False] * 3 + [True, False, False] * 3
    assert n_effective(Tally(mixed, units), 0.95) == pytest.approx(25.909 * 0.9140, rel=1e-3)
    # with fewer conversations nothing is estimated
    assert n_effective(Tally([True, True, False] * 5 + [True, False, False] * 5, units[:30]), 0.95) == 10


@pytest.mark.parametrize(("copied", "n_units"), [(True, 6), (False, 6), (True, 24), (False, 24)])
def test_intervals_hold_the_truth(copied, n_units):
    rng, n_held = np.random.default_rng(2), 0
    for _ in range(300):
        each = np.repeat(rng.random(n_units) < 0.3, 5) if copied else rng.random(n_units * 5) < 0.3
        found = Tally(each.tolist(), np.repeat(np.arange(n_units), 5).tolist()).rate(0.95)
        n_held += found.low <= 0.3 <= found.high
    assert n_held >= 0.92 * 300


def test_sources_of_one_conversation_cannot_be_told_apart():
    rows = evaluate([*pasted(TALK), *TUNED], study(FREE)).rows
    assert rows_of(PermanovaRow, rows) == []
    reasons = {row.reason for row in rows_of(NotComputed, rows) if row.table == "permanova"}
    assert "11 conversations, exchanged whole, give p >= 0.091; needs p <= 0.05" in reasons
    several = evaluate([*pasted(TALK[:4], TALK[4:8], TALK[8:]), *TUNED], study(FREE)).rows
    assert {row.prompt for row in rows_of(PermanovaRow, several)} == {FREE.id, "(all)"}


def test_likeness_of_conversations_has_no_band_and_no_width():
    indoor = [cat(home={"kind": "indoor"}, mice=0)] * 4
    both = [*pasted(TALK, name="a"), *pasted(indoor, prompt_id=INDOOR.id, name="b")]
    rows = evaluate(both, study(FREE, INDOOR)).rows
    [row] = rows_of(LikenessRow, rows)
    assert (row.n, row.low, row.high, row.band) == (14, -1, 1, NO_BAND)
    assert all(row.band == NO_BAND for row in rows_of(AgreementRow, rows))
    spanning = [*pasted(TALK[:3], name="a"), *pasted(indoor, prompt_id=INDOOR.id, name="a")]
    reasons = {
        (row.table, row.part): row.reason
        for row in rows_of(NotComputed, evaluate(spanning, study(FREE, INDOOR)).rows)
    }
    assert reasons["likeness", "band"] == "a conversation is of two groups"


def test_conversations_do_not_take_the_effects_of_others_away():
    grid = [
        draws(*TALK, arm=f"{source}/{condition}")
        for source in ("tiny+lora", "tiny+shots")
        for condition in ("original", "augmented")
    ]
    ours = [one for some in grid for one in some]
    chats = [*pasted(TALK), *pasted(TALK, arm="claude/augmented", name="b")]
    alone, beside = (evaluate(rows, study(FREE)).rows for rows in (ours, [*ours, *chats]))
    assert rows_of(EffectRow, alone) == rows_of(EffectRow, beside) != []
    split = [*pasted(TALK[:5], TALK[5:]), *pasted(TALK[:5], TALK[5:], arm="claude/augmented", name="b")]
    rows = rows_of(EffectRow, evaluate([*ours, *split], study(FREE)).rows)
    assert {(row.sources, row.n) for row in rows} == {("claude | tiny+lora | tiny+shots", 44)}


def test_words_of_a_conversation_are_exchanged_together():
    texts = [
        cat(note=f"sleeps {word}", coat=coat)
        for word, coat in zip("abcdefghij", ["black", "white"] * 5, strict=True)
    ]
    rows = evaluate(pasted(texts[:5], texts[5:]), study(FREE)).rows
    reasons = [
        row.reason
        for row in rows_of(NotComputed, rows)
        if (row.table, row.contrast) == ("marked_words", "against the dataset")
    ]
    assert reasons == [
        "needs 5 texts on either side; there are: generated 2 and 10 (those of a conversation count as one)"
    ]
    # levels vary within a conversation, and are exchanged there
    assert {row.target for row in rows_of(MarkedWordRow, rows)} == {"coat = black"}


def test_cells_of_single_draws_are_not_touched():
    rows = evaluate(pasted(*[[one] for one in TALK]), study(FREE)).rows
    ours = evaluate(draws(*TALK, arm=CHAT), study(FREE)).rows
    assert rows == ours
    assert all(row.band_low is not None for row in rows_of(DistributionRow, rows))
    assert not cells_of(pasted(*[[one] for one in TALK]), study())[0].clustered
