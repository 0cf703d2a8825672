"""Words and ids from names of fields."""

import re

from hypothesis import given
from hypothesis import strategies as st

from thesis.init.fields.naming import named_protected, slugs


@given(st.lists(st.text(), max_size=8))
def test_ids_are_small_letters_and_digits_and_no_two_alike(names):
    found = slugs(names)
    assert len({*found}) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in found)


def test_names_that_are_protected_in_several_languages():
    names = [
        "Geschlecht",
        "person.genderIdentity",
        "AGE_GROUP",
        "Religionszugehörigkeit",
        "nationalité",
        "etnia",
    ]
    names += ["Staatsangehörigkeit", "tranche_d'âge", "płeć", "ırk"]
    assert [name for name in names if named_protected(name) is None] == []


def test_names_that_only_begin_alike_are_not():
    names = ["racer", "sextant", "age", "originality", "generic", "rassel", "dinner"]
    assert [name for name in names if named_protected(name)] == []
