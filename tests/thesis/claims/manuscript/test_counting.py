"""A number is bound by the sentence it stands in, never by its digits alone."""

from thesis.claims.manifest import Elsewhere
from thesis.claims.manuscript.counting import count_numbers

SENTENCES = [("share", "Of {n} people, {share} are white."), ("moves", "It moves by {moves}.")]
PRINTED = {"n": "1,200", "share": "25\u00a0%", "moves": "−.62"}


def count(text, **more):
    return count_numbers(text, SENTENCES, PRINTED, **more)


def test_a_sentence_binds_its_numbers_wherever_its_lines_break():
    found = count("Of 1,200\npeople, 25\n% are white. It moves by −.62.")
    assert (found.n_bound, found.unbound, found.old, found.absent) == (3, [], [], [])
    assert found.is_clean


def test_other_numbers_are_listed_with_line_and_claims_of_the_same_digits():
    found = count("Nothing.\nIt was −0.62 for 7 people,\nat 25 %.")
    assert [(one.line, one.text, one.alike) for one in found.unbound] == [
        (2, "−0.62", ["moves"]),
        (2, "7", []),
        (3, "25 %", ["share"]),
    ]
    assert found.absent == ["n", "share", "moves"]
    assert not found.is_clean


def test_a_sentence_with_old_numbers_is_told_once():
    found = count("\nOf 1,100 people,\n25 % are white.")
    [old] = found.old
    assert (old.line, old.claim) == (2, "share")
    assert old.expected == "Of 1,200 people, 25 % are white."
    assert found.unbound == []
    assert not found.is_clean


def test_numbers_from_elsewhere_and_macros():
    found = count("LoRA of rank 16", elsewhere=[Elsewhere(text="rank 16", reason="r")], macros=["n"])
    assert (found.n_bound, found.n_elsewhere, found.unbound) == (1, 1, [])
    assert found.absent == ["share", "moves"]


def test_a_point_inside_an_old_number_does_not_end_the_sentence():
    assert [one.found for one in count("It moves by −1.62. It moves by 3.").old] == [
        "It moves by −1.62.",
        "It moves by 3.",
    ]
