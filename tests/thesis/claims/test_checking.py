"""A claim passes with the number of the text, or within its tolerance, and only with a true sentence."""

import pytest

from tests.thesis.claims.fakes import write_results, write_study
from thesis.claims.checking import check_claims, check_pages, printed_now
from thesis.claims.manifest import load_manifest
from thesis.claims.printing import printed
from thesis.claims.reading import Results


def outcomes():
    checked = check_claims(load_manifest(), Results())
    return {one.name: (one.word, one.told) for one in checked}


def pages():
    manifest = load_manifest()
    return [*check_pages(manifest, printed_now(manifest, [*check_claims(manifest, Results())]))]


def test_all_of_the_same_results_pass(study):
    assert outcomes() == {
        "share": ("pass", "25\u00a0%"),
        "n": ("pass", "1,200"),
        "verdict": ("pass", "stands"),
        "moves": ("pass", "−.62"),
        "p": ("pass", "< .001"),
    }
    assert [one.word for one in pages()] == ["pass"]


def test_three_results_of_other_numbers(study):
    # tolerance 0.1: .33 lies within it and prints 33 %, .36 does not
    write_results(study, shares={"white/all": 0.33}, n=1201, verdict="does not stand")
    found = outcomes()
    assert found["share"] == ("moved", "33\u00a0%, where 25\u00a0% is printed: within 0.1")
    assert found["n"] == ("fail", "1,200 expected, 1,201 found: 1201 differs by 1, and 0 is allowed")
    assert found["verdict"] == ("fail", "'stands' expected, 'does not stand' found")
    write_results(study, shares={"white/all": 0.36})
    assert outcomes()["share"][0] == "fail"


def test_the_last_digits_of_another_processor_do_not_matter(study):
    write_results(study, p=0.0004 * (1 + 1e-12))
    assert outcomes()["p"] == ("pass", "< .001")


def test_a_sentence_that_is_no_longer_true_fails_whatever_the_tolerance(study):
    write_study(study, moves={"value": 0.2, "row": {"arm": "tiny+lora/a", "prompt": "other"}})
    assert outcomes()["moves"] == ("fail", "+.20; the sentence is true only below 0")


def test_a_page_with_an_old_number_is_shown_as_it_is(study):
    write_results(study, n=1300)
    [found] = pages()
    assert found.word == "fail"
    assert found.told == (
        "'asked 1,300 people, and 25 % of them' expected, it has 'asked 1,200 people, and 25 % of them'"
    )


@pytest.mark.parametrize(
    ("value", "shown_as", "decimals", "text"),
    [
        (-0.616, "number", 2, "−0.62"),
        (0.9999, "difference", 2, "+1.00"),
        (0.0704, "percent", 1, "7.0\u00a0%"),
        (0.0704, "bare_percent", 0, "7"),
        (5224177664, "gigabytes", 1, "5.2"),
        (4884480, "count", None, "4,884,480"),
        (4, "word", None, "four"),
        (13, "word", None, "13"),
        (0.0312, "p", None, ".031"),
        (-0.001, "number", 2, "0.00"),
    ],
)
def test_how_values_are_printed(study, value, shown_as, decimals, text):
    claim = load_manifest().claims["n"].model_copy(update={"shown_as": shown_as, "decimals": decimals})
    assert printed(value, claim) == text
