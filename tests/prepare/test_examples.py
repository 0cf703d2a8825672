"""Records to prompts and completions: by hash, in the split of their person."""

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.prompts import TrainingPrompt
from stages.common.seeds import split_of
from stages.prepare.examples import examples_by_split
from stages.prepare.params import PrepareParams
from stages.shell.errors import UserError
from tests.prepare.fakes import SCHEMA, record

SHARES = {"train": 0.5, "validation": 0.3, "test": 0.2}
PARAMS = PrepareParams.model_validate(
    {
        "seed": 3,
        "shares": SHARES,
        "sample": {"n": None, "strata": []},
        "nulls": {"spellings": [], "become": "explicit"},
        "numbers": {"thousands_separator": None, "units": []},
        "max_rejected_rate": 0,
        "max_twins": {"original": 1, "augmented": 1},
    }
)
FREE = TrainingPrompt(id="free", share=1, template="{fields}")
BERTH = TrainingPrompt(id="berth", share=3, template="{fields} At berth {port.berth}")
CREW = [record(f"h{i}", i + 1, port={"city": "A", "berth": i % 3 or None}) for i in range(300)]


def examples(records=CREW, prompts=(FREE, BERTH)):
    return examples_by_split(records, prompts, SCHEMA, PARAMS, "original")


def flat(by_split):
    return {row.source_id: (split, row) for split, rows in by_split.items() for row in rows}


def test_every_record_is_in_the_split_of_its_person():
    found = examples()
    assert sum(map(len, found.values())) == len(CREW)
    assert [*found] == ["train", "validation", "test"]
    for source_id, (split, row) in flat(found).items():
        assert split == split_of(source_id, seed=3, shares=SHARES)
        assert json.loads(row.completion) == CREW[int(source_id[1:])].profile


def test_a_prompt_is_given_only_to_records_that_can_fill_it():
    for source_id, (_, row) in flat(examples()).items():
        berth = int(source_id[1:]) % 3
        assert row.prompt_id == "free" or row.prompt.endswith(f"At berth {berth}")
        assert berth or row.prompt_id == "free"


def test_shares_are_among_the_prompts_that_fit():
    ids = Counter(row.prompt_id for _, row in flat(examples()).values())
    # 200 of 300 have a berth: binomial(200, 3/4), 150 with a standard deviation of 6.1
    assert abs(ids["berth"] - 150) < 5 * 6.1


def test_neither_prompt_nor_completion_shows_the_identifier():
    secret = [record(f"secret-{row.source_id}", row.position, port=row.profile["port"]) for row in CREW]
    for _, row in flat(examples(secret)).values():
        assert "secret" not in row.prompt + row.completion
        assert "hull" not in row.prompt + row.completion


@given(st.permutations(range(30)))
def test_the_order_of_rows_changes_nothing_but_the_order(order):
    assert flat(examples(CREW[:30])) == flat(examples([CREW[i] for i in order]))


def test_a_further_person_changes_nobody():
    assert flat(examples(CREW[:-1])).items() <= flat(examples()).items()


def test_twins_are_in_one_split_with_one_prompt():
    twins = [record(row.source_id, row.position, flag="-", port=row.profile["port"]) for row in CREW]
    first, second = flat(examples()), flat(examples(twins))
    for source_id, (split, row) in first.items():
        assert (second[source_id][0], second[source_id][1].prompt) == (split, row.prompt)
        assert second[source_id][1].completion != row.completion


def test_no_prompt_fits():
    with pytest.raises(UserError, match=r"record 1 \(h0\): no training prompt of data/prompts\.yaml fits"):
        examples(prompts=[BERTH])


def test_an_empty_split():
    with pytest.raises(UserError, match=r"data/raw/original\.json: none of its 1 records falls into"):
        examples(CREW[:1])
