"""Seeds and splits come from names alone."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.seeds import choose, seed_for, split_of, uniform

SHARES = {"train": 0.6, "validation": 0.2, "test": 0.2}
names = st.lists(st.text() | st.integers(), max_size=4)


def test_a_seed_is_the_first_63_bits_of_the_sha256_of_the_names_as_json():
    digest = hashlib.sha256(b'[7, "free-profile", 1]').digest()
    assert seed_for(7, "free-profile", 1) == int.from_bytes(digest[:8], "big") // 2


def test_known_values():
    # sha256 of '[]' begins 4f53cda18c2baa0c; of '["a"]' as computed by sha256sum
    assert seed_for() == 0x4F53CDA18C2BAA0C >> 1
    assert seed_for("ä") == int(hashlib.sha256(rb'["\u00e4"]').hexdigest()[:16], 16) >> 1


@given(names, names)
def test_different_names_have_different_seeds(first, second):
    assert 0 <= seed_for(*first) < 2**63
    assert (seed_for(*first) == seed_for(*second)) == (first == second)


def test_names_are_not_merely_joined():
    assert len({seed_for("ab", "c"), seed_for("a", "bc"), seed_for("abc"), seed_for("a", "b", "c")}) == 4


def test_uniform_numbers_are_uniform():
    n = 20_000
    tenths = Counter(int(10 * uniform("tenth", i)) for i in range(n))
    assert set(tenths) == set(range(10))
    # each tenth is binomial(n, .1): 2,000 with a standard deviation of 42; five of them
    assert all(abs(count - n / 10) < 5 * 42 for count in tenths.values())


def test_choices_are_proportional():
    n = 10_000
    counts = Counter(choose({"a": 3, "b": 1, "never": 0}, i) for i in range(n))
    assert counts["never"] == 0
    assert abs(counts["a"] - 0.75 * n) < 5 * (n * 0.75 * 0.25) ** 0.5


@given(st.dictionaries(st.text(), st.floats(0, 1e6), min_size=1), st.integers())
def test_only_what_has_a_share_is_chosen(shares, name):
    chosen = choose(shares, name)
    if any(shares.values()):
        assert shares[chosen] > 0
    else:
        assert chosen == ""


@given(st.text(), st.integers(0, 99), st.floats(0.01, 100))
def test_the_scale_of_shares_does_not_matter(person, seed, scale):
    scaled = {split: share * 2**10 for split, share in SHARES.items()}
    assert split_of(person, seed=seed, shares=SHARES) == split_of(person, seed=seed, shares=scaled)


@given(st.lists(st.text(), unique=True), st.text(), st.integers(0, 99))
def test_a_further_person_moves_nobody(people, further, seed):
    before = {person: split_of(person, seed=seed, shares=SHARES) for person in people}
    after = {person: split_of(person, seed=seed, shares=SHARES) for person in [further, *reversed(people)]}
    assert before.items() <= after.items()


@pytest.mark.parametrize("seed", [1, 2, 86])
def test_shares_of_the_splits(seed):
    n = 5_000
    counts = Counter(split_of(f"person-{i}", seed=seed, shares=SHARES) for i in range(n))
    for split, share in SHARES.items():
        assert abs(counts[split] - share * n) < 5 * (n * share * (1 - share)) ** 0.5


def test_growing_the_training_share_takes_nobody_out_of_training():
    people = [f"person-{i}" for i in range(1_000)]
    more = {"train": 0.7, "validation": 0.15, "test": 0.15}
    small = {p for p in people if split_of(p, seed=1, shares=SHARES) == "train"}
    assert small <= {p for p in people if split_of(p, seed=1, shares=more) == "train"}
