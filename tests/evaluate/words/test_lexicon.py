"""The lexicon: whole words, rates beside the dataset's, mistakes in the file."""

from pathlib import Path

import pytest

from stages.common.records import Profile
from stages.common.tables.base import NotComputed
from stages.common.tables.words import LexiconRow
from stages.evaluate.cells import cells_of
from stages.evaluate.rows import rows_of
from stages.evaluate.words.lexicon import has_words, lexicon, load_lexicon
from stages.shell.errors import UserError
from tests.evaluate.fakes import FREE, cat, draws, study
from tests.imports import ROOT


@pytest.mark.parametrize(
    ("text", "word", "n"),
    [("They manage.", "man", 0), ("A MAN!", "man", 1), ("woman", "man", 0), ("man man", "man", 1)],
)
def test_whole_words_only_and_a_text_counts_once(text: str, word: str, n: int) -> None:
    assert has_words(text, frozenset({word})) == n


def test_rates_stand_beside_the_datasets_own() -> None:
    # two of three texts sleep; of the training cats all do ("sleeps", "sleeps 0" …); a number is no text
    texts: list[str | Profile] = [
        cat(note="Sleeps."),
        cat(note="Dozes, sleeps."),
        cat(note="sleepsy"),
        cat(note=3),
        "unparsed",
    ]
    [cell] = cells_of(draws(*texts), study(FREE))
    rows = rows_of(LexiconRow, lexicon(cell, study(FREE)))
    assert [(row.category, row.of, row.n_with, row.n) for row in rows] == [
        ("rest", "generated", 2, 3),
        ("hunt", "generated", 0, 3),
        ("rest", "reference", 10, 10),
        ("hunt", "reference", 0, 10),
    ]
    assert rows[0].rate.rate == pytest.approx(2 / 3)


def test_a_word_may_be_written_in_either_composition(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.yaml"
    path.write_text("a: [ko\u0308chin]", "utf-8")
    assert load_lexicon(path) == {"a": frozenset({"k\u00f6chin"})}


def test_no_text_is_left_out() -> None:
    [cell] = cells_of(draws("unparsed"), study(FREE))
    assert rows_of(NotComputed, lexicon(cell, study(FREE))) == [
        NotComputed(**cell.where, table="lexicon", field="note", reason="no profile has the text")
    ]


def test_the_shipped_lexicon_loads_and_names_no_word_twice_in_a_category() -> None:
    found = load_lexicon(ROOT / "data/lexicon.yaml")
    assert {"agentic", "communal", "female", "male", "lacking"} == {*found}
    assert found["female"].isdisjoint(found["male"])
    assert found["agentic"].isdisjoint(found["communal"])


def test_all_mistakes_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.yaml"
    path.write_text("a: [fine, no, Upper, two words, 1]\nb: word")
    wrong = r"text can have\n  a: 'Upper'(.|\n)*a: 'two words'(.|\n)*a: 1: not a word"
    with pytest.raises(UserError, match=wrong):
        load_lexicon(path)
    path.write_text("- list")
    with pytest.raises(UserError, match="must have categories"):
        load_lexicon(path)
