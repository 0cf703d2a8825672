"""One command brings values and pages up to date, and touches nothing else."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from stages.shell.errors import UserError
from tests.thesis.claims.fakes import write_results, write_study
from thesis.claims.manifest import load_manifest
from thesis.claims.reading import Results
from thesis.claims.running import Study
from thesis.claims.updating import update
from thesis.cli import app


def test_only_values_and_numbers_of_pages_change(study):
    before = Path("claims.yaml").read_text("utf-8")
    write_results(study, n=1300, shares={"white/all": 0.5})
    changes = update(load_manifest(), Results())
    assert [one.told for one in changes] == [
        "0.25 → 0.5 (25\u00a0% → 50\u00a0%)",
        "1200 → 1300 (1,200 → 1,300)",
        "numbers renewed",
    ]
    expected = before.replace("value: 0.25", "value: 0.5").replace("value: 1200", "value: 1300")
    assert Path("claims.yaml").read_text("utf-8") == expected
    assert Path("page.md").read_text("utf-8") == "# Page\n\nWe asked 1,300 people,\nand 50 % of them fit.\n"
    again = Study()
    assert {one.word for one in [*again.checked, *again.pages]} == {"pass"}


def test_a_second_time_nothing_changes(study):
    files = {path: path.stat().st_mtime_ns for path in (Path("claims.yaml"), Path("page.md"))}
    assert update(load_manifest(), Results()) == []
    assert {path: path.stat().st_mtime_ns for path in files} == files


def test_nothing_is_written_if_a_value_cannot_be_read(study):
    write_study(study, p={"pointer": "/q"}, n={"value": 7})
    before = Path("claims.yaml").read_text("utf-8")
    with pytest.raises(UserError, match=r"1 of 5 values cannot be read\n  p: .*'q' not found"):
        update(load_manifest(), Results())
    assert Path("claims.yaml").read_text("utf-8") == before


def test_a_sentence_that_turned_wrong_is_left_to_a_person(study):
    write_study(study, moves={"row": {"arm": "tiny+lora/a", "prompt": "other"}})
    done = CliRunner().invoke(app, ["claims", "--update"])
    assert done.exit_code == 1
    assert "the sentence is true only below 0" in " ".join(done.output.split())
    assert "value: 0.2\n" in Path("claims.yaml").read_text("utf-8")
