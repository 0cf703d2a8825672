"""The command in copies of the project: whole, and broken on purpose."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from tests.imports import ROOT
from tests.screen import seen_at_the_end
from tests.tiny import edit_yaml
from thesis.cli import app
from thesis.doctor.examination import CHECKS

PARAMS = Path("params.yaml")


@pytest.fixture
def project(workspace, monkeypatch):
    """A project without any problem."""
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, name)
    Path(".dvc").mkdir()
    edit_yaml(PARAMS, {"generate": {"max_new_tokens": 300}})
    monkeypatch.setattr("thesis.doctor.memory.judge", lambda *args: [])


def doctor(*options):
    return CliRunner().invoke(app, ["doctor", "--no-measure", *options])


def findings(*options):
    done = doctor("--json", *options)
    return json.loads(done.stdout)["findings"], done.exit_code


def words(rows, topic):
    return {row["word"] for row in rows if row["topic"] == topic}


def test_a_project_as_it_should_be(project):
    done = doctor()
    assert done.exit_code == 0, done.stdout
    assert "0 problems" in done.stdout.splitlines()[-1]
    assert all(f" {topic} " in done.stdout for topic in CHECKS if topic != "memory")


def test_json(project):
    rows, code = findings()
    assert code == 0
    assert all({*row} == {"topic", "word", "found", "remedy"} for row in rows)
    assert all(bool(row["remedy"]) == (row["word"] != "ok") for row in rows)


def test_broken_params(project):
    edit_yaml(PARAMS, {"train": {"common": {"steps": "many"}}, "score": {"seed": -1}})
    rows, code = findings()
    assert code == 1
    assert len([row for row in rows if row["topic"] == "params" and row["word"] == "problem"]) == 2
    assert words(rows, "memory") == {"warning"}
    assert words(rows, "data") == {"ok"}


def test_broken_data(project):
    Path("data/raw/augmented.json").write_text("[{", "utf-8")
    rows, code = findings()
    assert (code, words(rows, "data"), words(rows, "lengths")) == (1, {"problem"}, {"warning"})


def test_a_full_disk(project, monkeypatch):
    usage = SimpleNamespace(total=10, used=10, free=0)
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    rows, code = findings()
    assert (code, words(rows, "disk")) == (1, {"problem"})


def test_a_base_and_a_device_that_are_not_there(project, monkeypatch):
    monkeypatch.setenv("THESIS_DEVICE", "abacus")
    edit_yaml(PARAMS, {"base": "gpt"})
    rows, code = findings()
    assert (code, words(rows, "base"), words(rows, "device")) == (1, {"problem"}, {"problem"})


def test_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = doctor()
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert "This is a bug" not in done.stdout
    assert [*tmp_path.iterdir()] == []


def test_the_spinner_leaves_nothing_behind(tmp_path):
    command = [sys.executable, "-m", "thesis", "doctor", "--no-measure"]
    seen = seen_at_the_end(command, tmp_path, PYTHONPATH=str(ROOT), COLUMNS="100")
    assert any(line.startswith("✗ problem params") for line in seen)
    assert not [line for line in seen if "looking" in line]
    assert all(re.match(r"[✓!✗] (ok|warning|problem) +\w+ +\S| {21}\S|\d+ ok, |$", line) for line in seen), (
        seen
    )


def test_measured(project):
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 0, done.stdout
    assert "are finite in float32" in " ".join(done.stdout.split())
    assert "timed just now" in " ".join(done.stdout.split())


def test_help_costs_no_torch():
    code = (
        "import sys, thesis.cli; print(*{'torch', 'transformers', 'pandas', 'rich.table'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "torch" not in done.stdout
    assert "Example:" in CliRunner().invoke(app, ["doctor", "--help"]).stdout
