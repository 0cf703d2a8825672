"""Which part of a completion belongs to which field."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.records import one_line
from stages.score.spans import STRUCTURE, fields_of_tokens, value_spans

PROFILE = {
    "age": 34,
    "home": {"city": "Köln", "zip": None},
    "tags": ["a", "b"],
    "empty": {},
    "summary": 'She said "no",\nand: {"age": 99} \\ 😀',
}


def test_known_answer() -> None:
    #       0123456789012345678901234567890
    text = '{"age":34,"home":{"city":"Ü"}}'
    assert value_spans(text) == {"age": (7, 9), "home.city": (25, 28)}


def test_every_span_is_the_fields_value() -> None:
    text = one_line(PROFILE)
    found = {path: text[low:high] for path, (low, high) in value_spans(text).items()}
    assert found == {
        "age": "34",
        "home.city": '"Köln"',
        "home.zip": "null",
        "tags": '["a","b"]',
        "empty": "{}",
        "summary": '"She said \\"no\\",\\nand: {\\"age\\": 99} \\\\ 😀"',
    }


names = st.text("abcä \"\\'", min_size=1, max_size=4)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(names, values, min_size=1, max_size=4))
def test_spans_hold_the_leaves_in_order_without_overlap(profile: dict[str, object]) -> None:
    text = one_line(profile)
    spans = list(value_spans(text).values())
    assert all(high <= low for (_, high), (low, _) in pairwise(spans))
    leaves = [text[low:high] for low, high in spans]
    assert leaves == [one_line(leaf) for leaf in _leaves(profile)]


def _leaves(value: object) -> list[object]:
    if isinstance(value, dict) and value:
        return [leaf for inner in value.values() for leaf in _leaves(inner)]
    return [value]


@pytest.mark.parametrize("text", ['{"age": 34}', '{"city":"K\\u00f6ln"}', '{"age":1e1}'])
def test_what_prepare_does_not_write_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="one-line"):
        value_spans(text)


def test_a_token_counts_where_it_begins() -> None:
    # {"age":  34  ,"  :  the first begins outside, the third joins nothing of the value
    assert fields_of_tokens([(0, 7), (7, 9), (9, 11)], {"age": (7, 9)}) == [STRUCTURE, "age", STRUCTURE]
    assert fields_of_tokens([(6, 8), (8, 11)], {"age": (7, 9)}) == [STRUCTURE, "age"]
