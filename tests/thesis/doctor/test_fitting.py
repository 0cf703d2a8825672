"""Values that fit into a memory."""

import pytest

from thesis.doctor.fitting import Knob, changes, macs, remedy, working_set

GB = 10**9
KNOBS = {
    "train": Knob(4, [2, 1], lambda n: (6 + n) * GB),  # 10 GB, with 2 records 8
    "score": Knob(40, [*range(39, 0, -1)], lambda n: 5 * GB),
    "generate": Knob(90, [*range(89, 0, -1)], lambda n: 5 * GB + n * GB // 4),  # 27.5 GB
}


def test_metals_working_set():
    """16 GB: recommendedMaxWorkingSetSize is 10922 MiB."""
    assert working_set(16) == 16 * 2**30 * 2 // 3 == 10922 * 2**20 + 699050
    assert working_set(24) == 18 * 2**30


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (28, ""),
        (11, "generate.batch_size: 24"),  # 5 + 24 / 4
        (8, "train.common.records_per_pack: 2, generate.batch_size: 12"),
        (6, None),  # one record needs 7
    ],
)
def test_the_largest_values_that_fit(limit, expected):
    assert changes(KNOBS, limit * GB) == expected


def test_the_remedy_names_parameter_and_value():
    assert remedy("generate", KNOBS["generate"], 8 * GB) == "generate.batch_size: 12"
    assert remedy("train", KNOBS["train"], 6 * GB) == ""


def test_macs_with_the_same_answer_share_a_line():
    found = {finding.found for finding in macs(KNOBS)}
    # 85 % of Metal's working set: 9.7 of 16 GB, 24.6 of 36
    sixteen = "fits with train.common.records_per_pack: 2, generate.batch_size: 18"  # 5 + 18 / 4
    eight = "with 8 GB the base does not fit, whatever the params"
    assert f"Macs with 16 GB (calculated): {sixteen}; {eight}" in found
    assert "Macs with 36 GB (calculated): fits with generate.batch_size: 78" in found
    small = {"score": KNOBS["score"]}
    assert [finding.found for finding in macs(small)] == [
        f"Macs with 16, 18, 24 and 36 GB (calculated): fits with these params; {eight}",
    ]


def test_a_base_that_fits_no_mac_is_not_called_ok():
    assert macs({"score": Knob(1, [], lambda n: 100 * GB)}) == []
