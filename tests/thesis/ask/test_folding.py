"""A folded text is the text: nothing is lost, nothing is too wide."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stages.common.shown import visible
from thesis.ask.folding import folded

TEXTS = st.text(st.sampled_from('ab {}",: \n漢é—'), max_size=200).map(visible)


@given(TEXTS, st.integers(2, 30))
def test_the_lines_together_are_the_text(text: str, width: int) -> None:
    assert "".join(folded(text, width)) == text.replace("\n", "")
    assert max(map(cell_len, folded(text, width))) <= width


@given(TEXTS, st.integers(2, 30))
def test_only_lines_that_are_too_wide_are_broken(text: str, width: int) -> None:
    fits = [line for line in text.split("\n") if cell_len(line) <= width] or [""]
    assert folded("\n".join(fits), width) == fits


def test_words_stay_whole_if_there_is_a_space_to_break_at() -> None:
    assert folded("the model wrote this", 11) == ["the model ", "wrote this"]
    assert folded('    "createdByCityReno', 10) == ['    "creat', "edByCityRe", "no"]
