"""PERMANOVA by source: the rows of a study."""

from stages.common.records import Profile
from stages.common.tables.base import NotComputed
from stages.common.tables.consistency import PermanovaRow
from stages.evaluate.cells import cells_of
from stages.evaluate.consistency.sources import differences
from stages.evaluate.rows import rows_of
from tests.evaluate.fakes import FREE, INDOOR, cat, draws, study


def test_rows_of_three_sources():
    cats: list[str | Profile] = [cat(mice=i) for i in range(6)]
    white: list[str | Profile] = [cat(coat="white", home={"kind": "ship"}, mice=i) for i in range(6)]
    texts: dict[str, list[str | Profile]] = {
        "a/original": cats,
        "a/augmented": cats,
        "b/none": white,
        "c/none": cats,
        "d/none": ["", cat()],
    }
    completions = [row for arm, rows in texts.items() for row in draws(*rows, arm=arm)]
    rows = rows_of(PermanovaRow, differences(cells_of(completions, study(FREE)), study(FREE)))
    headline = {row.sources: row for row in rows if row.prompt == FREE.id}
    assert list(headline) == ["(all)", "a | b", "a | c", "b | c"]
    assert {row.arm for row in rows} == {"(all)"}
    assert (headline["(all)"].n, headline["(all)"].n_sources, headline["a | b"].n) == (24, 3, 18)
    assert headline["a | b"].p < 0.01
    assert headline["a | b"].r2 > headline["a | b"].band_high
    assert headline["a | c"].p > 0.5


def test_more_profiles_than_the_cap_are_subsampled_and_it_says_so():
    few = study(FREE, params=study().params.model_copy(update={"max_pairwise": 100}))
    cats = [cat(mice=i % 7) for i in range(80)]
    completions = [r for arm in ("a/none", "b/none") for r in draws(*cats, arm=arm)]
    rows = rows_of(PermanovaRow, differences(cells_of(completions, few), few))
    assert {(row.n, row.n_used) for row in rows} == {(160, 100)}


def test_a_small_source_keeps_its_profiles_when_a_large_one_is_cut() -> None:
    few = study(FREE, INDOOR, params=study().params.model_copy(update={"max_pairwise": 100}))
    many = [
        row
        for prompt in (FREE, INDOOR)
        for row in draws(*[cat(mice=i % 7) for i in range(500)], arm="a/none", prompt_id=prompt.id)
    ]
    white = draws(*[cat(coat="white", mice=i) for i in range(5)], arm="b/none")
    rows = rows_of(PermanovaRow, differences(cells_of([*many, *white], few), few))
    assert [(row.n, row.n_used, row.n_sources) for row in rows] == [(505, 100, 2), (1005, 100, 2)]
    # one white cat in a thousand would be found by chance; all five are
    assert rows[1].p < 0.01


def test_too_few_sources_and_other_prompts_are_left_out():
    alone = cells_of(draws(cat(), cat(), arm="a/none"), study(FREE))
    assert [row.reason for row in differences(alone, study(FREE)) if isinstance(row, NotComputed)] == [
        "needs 2 sources with 2 such profiles; there are 1"
    ] * 2
    other = draws(cat(), cat(mice=1), arm="b/none", prompt_id=INDOOR.id)
    apart = cells_of([*draws(cat(), cat(mice=1), arm="a/none"), *other], study(FREE, INDOOR))
    [_, row] = differences(apart, study(FREE, INDOOR))
    assert isinstance(row, NotComputed)
    assert row.reason == "no block (prompt) holds two groups (sources)"
