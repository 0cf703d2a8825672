"""Verdicts on numbers of two runs, and which intervals they rest on."""

from pathlib import Path

import pytest

from stages.shell.errors import UserError
from tests.thesis.diff.runs import commit, git, write_run
from thesis.diff.comparing import compare, compared
from thesis.diff.notes import notes
from thesis.diff.numbers import Number
from thesis.diff.revisions import Revision, resolve
from thesis.diff.run import load_run
from thesis.diff.settings import differing_settings


def number(value, low=None, high=None, **others):
    given = {"group": "headline", "name": "n", "confidence": 0.95, "over": "draws", **others}
    return Number(value=value, low=low, high=high, **given)


def both(repository, **second):
    """The committed run and another one in the working tree."""
    write_run(repository, **second)
    return load_run(resolve("HEAD")), load_run(Revision("working tree"))


def verdicts(a, b):
    return {one.any.name: one.verdict for one in compared(a, b)}


@pytest.mark.parametrize(
    ("a", "b", "verdict", "reason"),
    [
        (number(1.0, 0, 2), number(1.0, 0, 2), "same", ""),
        (number(1.0, 0, 2), number(2.0, 1, 3), "within noise", ""),
        (number(1.0, 0, 2), number(2.5, 1.5, 3.5), "beyond noise", ""),
        (number(1.0, 0, 2), None, "only in one", ""),
        (None, number(1.0), "only in one", ""),
        (number(0.04, reason="a p-value"), number(0.05, reason="a p-value"), "no interval", "a p-value"),
        (number(1.0, 0, 2), number(2.0, reason="too few"), "no interval", "too few"),
        (number(1.0, 0, 2), number(2.0, 1, 3, confidence=0.9), "no interval", "intervals of 95 % and 90 %"),
        (
            number(1.0, 0, 2),
            number(2.0, 1, 3, over="people"),
            "no interval",
            "over draws and one over people",
        ),
        (number(1.0, 2, 3), number(2.0, 1, 3), "no interval", "does not contain the value"),
    ],
)
def test_a_verdict(a, b, verdict, reason):
    found = compare(a, b)
    assert found.verdict == verdict
    assert reason in found.reason
    assert (found.interval is None) == (verdict not in ("same", "within noise", "beyond noise"))


def test_a_run_that_is_the_same(repository):
    a, b = both(repository)
    assert {*verdicts(a, b).values()} == {"same"}
    assert differing_settings(a.recorded, b.recorded).lines == []


def test_ten_draws_tell_7_from_0_and_not_from_3(repository):
    # Clopper-Pearson: 7/10 .348 to .933; 3/10 .067 to .652; sqrt(.352^2 + .352^2) = .50 > .4
    assert verdicts(*both(repository, n_valid=3))["valid.orig"] == "within noise"
    # 0/10: 0 to .308; sqrt(.352^2 + .308^2) = .47 < .7
    assert verdicts(*both(repository, n_valid=0))["valid.orig"] == "beyond noise"


def test_a_loss(repository):
    # half widths 1 and 1: 1.41 is the limit
    assert verdicts(*both(repository, loss=16.4))["loss.orig"] == "within noise"
    assert verdicts(*both(repository, loss=16.5))["loss.orig"] == "beyond noise"


def test_a_number_without_an_interval_says_so(repository):
    a, _ = both(repository)
    reasons = {one.name: one.reason for one in a.headline}
    assert reasons["primary.p"] == "a p-value has no interval"
    assert reasons["tv.orig"] == "too few draws, or they hang together"
    assert reasons["primary.a"] == reasons["valid.base"] == ""


def test_two_bases_share_the_names_of_their_arms(repository):
    a, b = both(repository, base="large", n_valid=0)
    found = verdicts(a, b)
    assert "only in one" not in found.values()
    assert found["valid.orig"] == "beyond noise"
    assert differing_settings(a.recorded, b.recorded).base == ("tiny", "large")


def test_what_differs_is_named_and_what_stages_make_is_not(repository):
    a, b = both(repository, rank=8, raw="bb", adapter="22")
    found = differing_settings(a.recorded, b.recorded)
    assert found.lines == [("data", "data/raw/original.json"), ("params", "train.common.lora.rank: 16 → 8")]
    assert found.adapters == ["models/adapters/original"]


def test_contrasts_are_compared_over_trainings_where_both_have_them(repository):
    contrast = {one.any.name: one for one in compared(*both(repository, calibrated=-0.3))}["white"]
    assert (contrast.any.over, contrast.verdict) == ("draws", "same")
    commit(repository, calibrated=-0.5)
    # over trainings: .1 and .1, so .141 is the limit
    for difference, verdict in ((-0.38, "within noise"), (-0.3, "beyond noise")):
        a, b = both(repository, calibrated=difference)
        [contrast] = [one for one in compared(a, b) if one.any.group == "contrasts"]
        assert (contrast.any.over, contrast.any.n, contrast.verdict) == ("trainings", 6, verdict)


def test_a_calibration_of_another_run_is_not_used(repository):
    commit(repository, calibrated=-0.5)
    write_run(repository, calibrated=-0.5)
    table = Path("metrics/tables/contrasts.csv")
    text = table.read_text("utf-8")
    table.write_text(text.replace("-0.6,-0.8", "-0.5,-0.8"), "utf-8")
    a, b = load_run(resolve("HEAD")), load_run(Revision("working tree"))
    assert (bool(a.calibrated), bool(b.calibrated)) == (True, False)


def test_notes_say_what_a_reader_must_know(repository):
    commit(repository, calibrated=-0.5)
    a, b = both(repository, adapter="22", n_valid=0, calibrated=-0.5)
    text = Path("params.yaml").read_text("utf-8")
    Path("params.yaml").write_text(text.replace("rank: 16", "rank: 4"), "utf-8")
    b = load_run(Revision("working tree"))
    rows = compared(a, b)
    found = " ".join(notes(a, b, differing_settings(a.recorded, b.recorded), rows))
    assert "params.yaml has changed since these numbers were made (train.common.lora.rank)" in found
    assert "only the machine or its packages can differ" in found
    assert "by a standard deviation of 0.05" in found
    assert "about 0.1 of 1 such number beyond it" in found  # valid.orig alone differs


def test_tables_of_another_run_give_no_interval(repository):
    path = Path("metrics/evaluate.json")
    path.write_text(path.read_text("utf-8").replace('"orig": 0.7', '"orig": 0.6'), "utf-8")
    found = {one.name: one for one in load_run(Revision("working tree")).headline}
    assert found["valid.orig"].reason == "the tables are not those of this file"
    assert found["valid.orig"].low is None


def test_a_commit_in_which_nothing_was_evaluated(repository):
    git(repository, "rm", "-r", "--quiet", "metrics")
    git(repository, "commit", "--quiet", "-m", "No numbers")
    with pytest.raises(UserError, match=r"^HEAD:metrics/evaluate.json: not found; nothing was evaluated"):
        load_run(resolve("HEAD"))
    with pytest.raises(UserError, match=r"(?s)^metrics/evaluate.json: not found.*dvc repro"):
        load_run(Revision("working tree"))


def test_numbers_of_another_version_are_refused_all_at_once(repository):
    Path("metrics/tables/rules.csv").unlink()
    table = Path("metrics/tables/validity.csv")
    table.write_text(table.read_text("utf-8").replace(",low,", ",lower,"), "utf-8")
    git(repository, "commit", "--quiet", "-a", "-m", "Other tables")
    with pytest.raises(UserError) as told:
        load_run(resolve("HEAD"))
    assert str(told.value).splitlines() == [
        "HEAD:metrics: 2 tables were written by another version of this program",
        "  metrics/tables/validity.csv: missing, or not as expected: low",
        "  metrics/tables/rules.csv: not found",
        "`dvc metrics diff` compares bare numbers of any versions, without intervals",
    ]


def test_a_lock_without_an_evaluation_and_broken_json(repository):
    Path("dvc.lock").write_text("schema: '2.0'\nstages: {}\n", "utf-8")
    with pytest.raises(UserError, match=r"dvc.lock: records no evaluation by this version"):
        load_run(Revision("working tree"))
    git(repository, "checkout", "--", "dvc.lock")
    Path("metrics/evaluate.json").write_text('{"valid": ', "utf-8")
    git(repository, "commit", "--quiet", "-a", "-m", "Half a file")
    with pytest.raises(UserError, match=r"^HEAD:metrics/evaluate.json:1:\d+: not JSON"):
        load_run(resolve("HEAD"))
