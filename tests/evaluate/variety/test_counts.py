"""Distinct profiles and copies: counted by hand."""

from stages.common.records import Profile
from stages.common.tables.variety import CopiesRow, DiversityRow
from stages.evaluate.cells import Cell, cells_of
from stages.evaluate.rows import rows_of
from stages.evaluate.variety.diversity import copies, diversity
from tests.evaluate.fakes import FREE, cat, draws, study, training


def cell(*texts: str | Profile, arm: str = "tiny+lora/original") -> Cell:
    [found] = cells_of(draws(*texts, prompt_id=FREE.id, arm=arm), study())
    return found


def test_distinct_profiles_with_and_without_text() -> None:
    # key order makes no difference; a further note makes a distinct profile, but the same facts
    turned = dict(reversed(cat().items()))
    [row] = diversity(cell(cat(), turned, cat(note="purrs"), cat(mice=4), "?"), study())
    assert row == DiversityRow(
        arm="tiny+lora/original", prompt=FREE.id, n=4, n_distinct=3, n_distinct_facts=2
    )


def test_copies_are_counted_against_what_the_arm_was_shown_or_else_the_original() -> None:
    # of the original: a record itself, a record with another note; of the augmented: a record
    texts = [training()[0], cat(note="new"), cat(coat="white", note="0"), cat(breed="new")]
    [shown] = rows_of(CopiesRow, copies(cell(*texts), study()))
    assert (shown.n, shown.n_copies, shown.n_copies_facts, shown.n_training) == (4, 1, 2, 10)
    [none] = rows_of(CopiesRow, copies(cell(*texts, arm="tiny/none"), study()))
    assert (none.n_copies, none.n_copies_facts, none.n_training) == (1, 2, 10)
