"""The command as a person types it, on made-up runs and on the committed one."""

import json
import re

import pytest
from typer.testing import CliRunner

from stages.shell.errors import UserError
from tests.thesis.diff.runs import commit, git, write_run
from tests.tiny import ROOT
from thesis.cli import app
from thesis.diff.revisions import Revision
from thesis.diff.run import load_run

RUNNER = CliRunner()


def said(*words):
    done = RUNNER.invoke(app, ["diff", *words])
    if done.exception:
        raise done.exception
    return done.output


def row(text, name):
    """The cells of a row."""
    [line] = re.findall(rf"^  {re.escape(name)} (.*)$", text, re.MULTILINE)
    return re.split(r"\s{2,}", line.strip())


def test_the_working_tree_against_the_last_commit(repository):
    write_run(repository, n_valid=0, rank=8)
    text = said()
    assert text.startswith("HEAD (")
    assert "params train.common.lora.rank: 16 → 8" in text
    assert row(text, "valid.orig") == [".70 [.35, .93]", "0 [0, .31]", "-.70", "beyond noise"]
    assert row(text, "primary.p") == ["0.04", "0.04", "same"]
    assert row(text, "white") == ["-.60 [-.80, -.10]", "-.60 [-.80, -.10]", "same"]


def test_two_commits_and_nothing_is_written(repository):
    git(repository, "tag", "thesis-v1")
    commit(repository, n_valid=2)
    write_run(repository, n_valid=5)
    before = git(repository, "status", "--porcelain")
    found = json.loads(said("thesis-v1", "HEAD", "--json"))
    assert git(repository, "status", "--porcelain") == before
    [valid] = [one for one in found["numbers"] if one["name"] == "valid.orig"]
    assert (valid["a"]["value"], valid["b"]["value"], valid["verdict"]) == (0.7, 0.2, "within noise")
    assert valid["difference"] == pytest.approx(-0.5)
    assert valid["interval"][0] < -0.5 < valid["interval"][1]
    assert found["a"]["name"] == "thesis-v1"
    assert found["differing"] == {"base": None, "params": {}, "data": [], "code": [], "adapters": []}


def test_text_that_acts_on_a_terminal_is_shown_as_marks(repository):
    write_run(repository, base="evil\x1b[2J[red]")
    text = said()
    assert "\x1b" not in text
    assert "[red]" in text


def test_an_unknown_revision(repository):
    with pytest.raises(UserError, match="no such commit"):
        said("nowhere")


def test_every_number_of_the_committed_headline_has_its_interval(monkeypatch):
    monkeypatch.chdir(ROOT)
    run = load_run(Revision("working tree"))
    assert {one.name for one in run.headline if one.estimate is None} <= {"primary.p"}
    assert {one.over for one in run.headline if one.estimate} == {"draws", "people"}
    assert run.drawn


def test_the_committed_calibration_belongs_to_the_committed_run(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert {one.over for one in load_run(Revision("working tree")).calibrated} == {"trainings"}
