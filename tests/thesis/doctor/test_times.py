"""Which times are shown, and what is said of them."""

from thesis.doctor.times import HEAVY, Circumstances, judge, merged

QUIET = Circumstances(why_unmeasured="", busy=False)
ALL = dict.fromkeys(HEAVY, 600.0)


def test_the_best_source_of_each_stage():
    times = merged({"score": 1.0}, {"score": 2.0, "generate": 3.0}, {"generate": 4.0, "report": 5.0}, QUIET)
    assert times.seconds == {"generate": 3.0, "report": 5.0, "score": 1.0}
    assert times.sources == {"generate": "measured", "report": "committed run", "score": "run before"}


def test_a_sum_that_is_called_an_estimate():
    *_, total = judge(merged({}, ALL, {}, QUIET))
    assert (total.word, total.found) == ("ok", "together about 40 min: an estimate")


def test_a_night_is_a_warning():
    *_, total = judge(merged({}, ALL | {"score": 50_000.0}, {}, QUIET))
    assert (total.word, bool(total.remedy)) == ("warning", True)


def test_a_busy_computer_is_told_only_of_what_was_timed():
    busy = Circumstances(why_unmeasured="", busy=True)
    assert "warning" in {finding.word for finding in judge(merged({}, ALL, {}, busy))}
    assert "warning" not in {finding.word for finding in judge(merged(ALL, {}, {}, busy))}


def test_what_is_not_known_is_named():
    (only,) = judge(merged({}, {}, {}, Circumstances(why_unmeasured="--no-measure", busy=False)))
    assert "not estimated (--no-measure): train_original" in only.found
    first, *_, total = judge(merged({}, {}, {"report": 9.0}, Circumstances("a large base", busy=False)))
    assert "not estimated (a large base)" in first.found
    assert "these together" in total.found
