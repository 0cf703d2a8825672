"""Numbers in text: separators, units, and what only looks like a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.prepare.cleaning import read_number
from stages.prepare.params import NumberParams
from thesis.init.fields.numerals import NO_RULES, are_numbers, number_rules


def rules(separator=None, *units):
    return NumberParams(thousands_separator=separator, units=[*units])


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["45,000", "900"], rules(",")),
        (["45.000.000", "900"], rules(".")),
        (["45 000", "900"], rules(" ")),
        (["34 years", "1 year", "7"], rules(None, "year", "years")),
        (["1,200 km", "80km"], rules(",", "km")),
        (["34", "35"], NO_RULES),
        (["1.5", "2.25"], NO_RULES),
        (["12 %", "7%"], rules(None, "%")),
        (["1,0", "2,25"], rules(".")),
        (["1.100,50 €", "950 €"], rules(".", "€")),
        (["$20,000", "$900"], rules(",", "$")),
        (["34 kg", "71 kg"], rules(None, "kg")),
        (["5 hours", "1 hour", "2"], rules(None, "hour", "hours")),
        (["3 Jahre", "1 Jahr"], rules(None, "Jahr", "Jahre")),
        (["5 per week", "3 per week"], rules(None, "per week")),
        (["1.200,50 EUR", "900 EUR"], rules(".", "EUR")),
        (["1.200.000 Euro", "900 Euro"], rules(".", "Euro")),
        (["CHF 12'000.50", "CHF 900"], rules("'", "CHF")),
        (["1\u202f234,5", "12,5"], rules(" ")),
    ],
)
def test_the_rule_that_reads_all(texts, expected):
    assert number_rules({"field": texts}) == expected
    assert are_numbers(texts, expected)


@pytest.mark.parametrize(
    "texts",
    [
        ["01234", "50667"],  # postcodes
        ["5a", "6b"],
        ["1st", "2nd"],
        ["2020-01-31", "2021-02-28"],
        ["about 40", "50"],
        ["$45,000", "€900"],  # of two currencies
        ["BMW 320", "BMW 520"],
        ["3 red", "4 blue", "5 green", "6 white"],
        ["9:30", "10:15"],
        ["6 Hart"],
        ["6 Hart", "12 Rue X"],
        ["6 Hart", "12 Rue X", "3 Elm"],
        ["6 Hart", "8 Hart", "3 Elm", "5 Elm"],
        ["2 Main Street"],
        ["2 Main Street", "4 Main Street", "7 Oak Street", "9 Oak Street"],
        ["2 Main St", "4 Main St"],
        ["2 main street", "4 main street", "6 main street"],
        ["6a Hart", "8a Hart"],
        ["12 rue Monge", "14 rue Monge"],
        ["12 Monkeys"],
        ["12 Monkeys", "21 Grams", "8 Mile"],
        ["7 Samurai", "12 Monkeys", "7 Psychos"],
        ["7", "8", "9", "12", "6 Hart", "8 Hart"],
    ],
)
def test_what_only_looks_like_numbers_stays_text(texts):
    assert not are_numbers(texts, number_rules({"field": texts}))


def test_one_separator_for_all_fields_is_the_one_that_reads_most():
    found = number_rules({"a": ["1,200"], "b": ["3,400,000"], "c": ["5.600.000"]})
    assert found.thousands_separator == ","


@given(st.lists(st.integers(0, 10**9), min_size=1), st.sampled_from(",. '"))
def test_numbers_written_with_a_separator_come_back(numbers, separator):
    texts = [f"{number:,}".replace(",", separator) for number in [*numbers, 1_234_567]]
    found = number_rules({"field": texts})
    assert [read_number(text, found) for text in texts] == [*numbers, 1_234_567]


def test_an_amount_with_a_currency_is_a_number():
    assert are_numbers(["1.200 EUR", "900 EUR"], number_rules({"field": ["1.200 EUR", "900 EUR"]}))
