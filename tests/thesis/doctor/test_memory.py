"""Memory of the device and the computer, against what the stages need."""

from thesis.doctor.memory import Memory, group_limit, judge

GB = 10**9
NEEDS = {"train": 6 * GB, "score": 5 * GB, "generate": 4 * GB}


def words(memory):
    return [finding.word for finding in judge(memory, NEEDS)]


def test_needs_that_fit_share_one_line():
    (only,) = judge(Memory("mps", 11 * GB, 9 * GB), NEEDS)
    assert only.word == "ok"
    assert "train 6.0 GB" in only.found


def test_one_line_for_each_stage_that_may_not_fit():
    assert words(Memory("mps", int(4.5 * GB), 9 * GB)) == ["problem", "problem", "warning"]


def test_close_to_the_limit_is_a_warning():
    (only,) = judge(Memory("cuda", int(6.5 * GB), 9 * GB), NEEDS)
    assert (only.word, "records_per_pack" in only.remedy) == ("warning", True)


def test_memory_that_other_programs_use_is_a_warning():
    (only,) = judge(Memory("cpu", 16 * GB, int(5.5 * GB)), NEEDS)
    assert (only.word, "Close other programs" in only.remedy) == ("warning", True)
    assert words(Memory("cuda", 16 * GB, GB)) == ["ok"]  # a card's memory is its own


def test_a_container_has_a_limit_of_its_own(tmp_path, monkeypatch):
    limit = tmp_path / "memory.max"
    monkeypatch.setattr("thesis.doctor.memory.GROUP_LIMIT", limit)
    everything = group_limit()
    limit.write_text("4000000000\n")
    assert group_limit() == 4 * GB
    limit.write_text("max\n")
    assert group_limit() == everything > 0


def test_the_remedy_for_evaluate_says_what_to_reduce():
    needs = {"evaluate": 6 * GB}
    (only,) = judge(Memory("the computer", 5 * GB, 4 * GB), needs)
    assert (only.word, "prepare.sample.n" in only.remedy) == ("problem", True)
    (fits,) = judge(Memory("the computer", 16 * GB, 12 * GB), needs)
    assert "evaluate 6.0 GB; the computer has 16.0 GB" in fits.found


def test_the_remedy_is_a_value_where_one_fits():
    (only,) = judge(
        Memory("mps", 5 * GB, 9 * GB), {"generate": 6 * GB}, {"generate": "generate.batch_size: 12"}
    )
    assert (only.word, only.remedy) == ("problem", "Set in params.yaml: generate.batch_size: 12")
