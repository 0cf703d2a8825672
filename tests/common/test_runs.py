"""What describes the machine stays apart, and names what it describes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stages.common.files import sha256_of
from stages.shell.runs import record_current, recorded
from tests.tiny import ROOT


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(stage, text):
    output = Path(f"{stage}.txt")
    with recorded(stage, outputs=[output]) as machine:
        output.write_text(text)
        machine["device"] = "cpu"
    return json.loads(Path(f".work/runs/{stage}.json").read_text())


def test_a_run_says_what_it_made_and_on_what():
    described = run("a", "result")
    assert described["outputs"] == {"a.txt": sha256_of(Path("a.txt"))}
    assert (described["stage"], described["device"]) == ("a", "cpu")
    assert described["peak_memory_bytes"] > 1_000_000
    assert described["seconds"] >= 0
    assert "dvc" in described["versions"]


def test_only_current_runs_are_recorded():
    run("a", "result")
    run("b", "result")
    run("c", "result")
    Path("b.txt").write_text("another result")
    Path("c.txt").unlink()
    assert record_current() == ["a"]
    assert [path.name for path in Path("metrics/runs").iterdir()] == ["a.json"]


def test_a_damaged_description_is_named_and_recorded_by_nobody():
    run("a", "result")
    Path(".work/runs/a.json").write_text('{"stage": "a", "outp')
    done = subprocess.run(
        [sys.executable, "-m", "stages.shell.runs"],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().startswith(".work/runs/a.json:1:")
    assert "Traceback" not in done.stderr
    assert not Path("metrics/runs").exists()


def test_a_failed_run_leaves_nothing():
    with pytest.raises(ValueError, match="no"), recorded("a", outputs=[]):
        raise ValueError("no")
    assert not Path(".work/runs").exists()
