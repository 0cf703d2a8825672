"""Texts to paste and the file to attach."""

import json

from hypothesis import given
from hypothesis import strategies as st

from stages.collect.pasting import excerpt, excerpt_name, text_to_paste
from stages.common.prompts import AskedPrompt, asked_text
from stages.common.records import Example
from stages.common.schema import ProfileSchema

SCHEMA = ProfileSchema(
    {"type": "object", "properties": {"whiskers": {"type": "integer", "x-role": "number"}}, "required": []}
)
PROMPT = AskedPrompt(id="cat", given={}, template="Describe a cat: {fields}\n")


def examples(*source_ids, condition="original"):
    return [
        Example(source_id=i, prompt_id="p", prompt="?", completion=json.dumps({"of": i, "in": condition}))
        for i in source_ids
    ]


def test_without_a_file_the_text_is_what_is_asked():
    assert text_to_paste(PROMPT, "none", SCHEMA, 40) == asked_text(PROMPT, SCHEMA)


def test_with_a_file_one_sentence_names_it_before_an_empty_line():
    first, empty, *rest = text_to_paste(PROMPT, "original", SCHEMA, 40).split("\n")
    assert first == "The attached file profiles-1.json holds 40 profiles from a data set."
    assert (empty, "\n".join(rest)) == ("", asked_text(PROMPT, SCHEMA))


def test_the_file_does_not_tell_which_dataset_it_is():
    for condition in ("original", "augmented"):
        shown = text_to_paste(PROMPT, condition, SCHEMA, 40) + excerpt_name(condition)
        assert not {"original", "augmented"} & {*shown.lower().replace(".", " ").split()}
    # what differs between the two conditions is the number in the name, nothing else
    original, augmented = (text_to_paste(PROMPT, c, SCHEMA, 40) for c in ("original", "augmented"))
    assert original.replace("profiles-1", "profiles-2") == augmented


@given(
    st.lists(st.text(min_size=1, max_size=4), min_size=1, max_size=12, unique=True),
    st.randoms(),
    st.integers(0, 99),
)
def test_the_same_people_in_both_conditions_in_any_order(people, random, seed):
    shuffled = random.sample(people, len(people))
    n = random.randint(1, len(people))
    original = excerpt(examples(*people), n, seed)
    augmented = excerpt(examples(*shuffled, condition="augmented"), n, seed)
    assert [p["of"] for p in original] == [p["of"] for p in augmented]
    assert len(original) == n


def test_a_person_with_two_records_appears_once():
    assert len(excerpt(examples("a", "b", "a"), 3, seed=1)) == 2


def test_the_seed_decides_who_is_shown():
    people = [f"person {i}" for i in range(100)]
    assert excerpt(examples(*people), 10, 1) != excerpt(examples(*people), 10, 2)
