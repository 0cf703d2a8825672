"""Which times are shown, and what is said of them."""

from thesis.doctor.times import HEAVY, judge, merged

ALL = dict.fromkeys(HEAVY, 600.0)


def test_the_best_source_of_each_stage():
    times = merged(
        {
            "committed run": {"generate": 4.0, "report": 5.0},
            "measured": {"score": 2.0, "generate": 3.0},
            "run before": {"score": 1.0},
        }
    )
    assert times == {
        "generate": (3.0, "measured"),
        "report": (5.0, "committed run"),
        "score": (1.0, "run before"),
    }


def test_the_total_is_called_an_estimate():
    *_, total = judge(merged({"measured": ALL}))
    assert (total.word, total.found) == ("ok", "together about 40 min: an estimate")


def test_a_run_of_a_whole_night_is_a_warning():
    *_, total = judge(merged({"measured": ALL | {"score": 50_000.0}}))
    assert (total.word, bool(total.remedy)) == ("warning", True)


def test_a_busy_computer_is_mentioned_only_for_timed_stages():
    measured, before = merged({"measured": ALL}), merged({"run before": ALL})
    assert "warning" in {finding.word for finding in judge(measured, busy=True)}
    assert "warning" not in {finding.word for finding in judge(before, busy=True)}


def test_stages_of_unknown_time_are_named():
    (only,) = judge(merged({}), "--no-measure")
    assert "not estimated (--no-measure): train_original" in only.found
    first, *_, total = judge(merged({"committed run": {"report": 9.0}}), "a large base")
    assert "not estimated (a large base)" in first.found
    assert "these together" in total.found
