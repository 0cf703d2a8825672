"""The process that starts THESIS_LAUNCHER: what it starts, and how it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stages.shell.errors import UserError
from stages.shell.rank import local_rank, n_ranks, rank
from tests.tiny import ROOT

STAGE = """
import os, sys, time
from pathlib import Path
from stages.shell.ending import stoppable
from stages.shell.launched import start
from stages.shell.errors import UserError
def main():
    Path("ran-" + os.environ.get("RANK", "alone")).write_text(" ".join(sys.argv[1:]))
    with stoppable():
        {work}
start(main)
"""
FAKE = """
import os, subprocess, sys
ranks = [
    subprocess.Popen([sys.executable, *sys.argv[1:]], env={**os.environ, "RANK": str(n), "WORLD_SIZE": "2"})
    for n in range(2)
]
sys.exit(max(rank.wait() for rank in ranks))
"""
"""A launcher: the same module twice."""


NUMBERS = {"RANK": rank, "WORLD_SIZE": n_ranks, "LOCAL_RANK": local_rank}


def begin(folder: Path, launcher: str, work: str = "pass") -> "subprocess.Popen[str]":
    (folder / "stage").mkdir()
    (folder / "stage/__main__.py").write_text(STAGE.format(work=work))
    (folder / "fake.py").write_text(FAKE)
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}", "THESIS_LAUNCHER": launcher}
    command = [sys.executable, "-m", "stage", "--condition", "original"]
    return subprocess.Popen(command, cwd=folder, env=env, stderr=subprocess.PIPE, text=True)


def test_each_process_runs_the_stage_with_its_arguments_and_starts_no_other(tmp_path: Path) -> None:
    stage = begin(tmp_path, f"{sys.executable} fake.py")
    _, said = stage.communicate(timeout=60)
    assert (stage.returncode, said) == (0, "")
    ran = {file.name: file.read_text() for file in tmp_path.glob("ran-*")}
    assert ran == {"ran-0": "--condition original", "ran-1": "--condition original"}
    assert not [*tmp_path.glob(".work/launched/*")]


def test_a_mistake_is_told_once_and_last(tmp_path: Path) -> None:
    stage = begin(tmp_path, f"{sys.executable} fake.py", "raise UserError('no such file')")
    _, said = stage.communicate(timeout=60)
    assert (stage.returncode, said.strip()) == (1, "no such file")


def test_a_launcher_that_does_not_number_its_processes_is_refused(tmp_path: Path) -> None:
    stage = begin(tmp_path, sys.executable)
    _, said = stage.communicate(timeout=60)
    assert stage.returncode == 1
    assert "each would compute everything" in said
    assert "accelerate launch --multi_gpu" in said
    assert not [*tmp_path.glob("ran-*")]


def test_a_process_that_dies_is_told_with_its_code(tmp_path: Path) -> None:
    stage = begin(tmp_path, f"{sys.executable} fake.py", "os._exit(7)")
    _, said = stage.communicate(timeout=60)
    assert stage.returncode == 7
    assert "ended early (code 7)" in said
    assert "Nothing was recorded. Run again: dvc repro" in said


@pytest.mark.parametrize(("option", "code"), [("--misspelt", 2), ("--version", 128)])
def test_a_launcher_that_starts_no_process(tmp_path: Path, option: str, code: int) -> None:
    stage = begin(tmp_path, f"{sys.executable} {option}")
    _, said = stage.communicate(timeout=60)
    assert stage.returncode == code
    assert f"THESIS_LAUNCHER is '{sys.executable} {option}'. It ended with code" in said
    assert "before it started the stage" in said
    assert "Run again" not in said


@pytest.mark.parametrize("name", ["RANK", "WORLD_SIZE", "LOCAL_RANK"])
def test_a_number_that_is_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "x")
    with pytest.raises(UserError, match=f"{name} is 'x'"):
        NUMBERS[name]()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_with_130(tmp_path: Path, number: signal.Signals) -> None:
    stage = begin(tmp_path, f"{sys.executable} fake.py", "time.sleep(60)")
    end = time.monotonic() + 60
    while len([*tmp_path.glob("ran-*")]) < 2:
        assert time.monotonic() < end
        time.sleep(0.05)
    stage.send_signal(number)
    _, said = stage.communicate(timeout=60)
    assert stage.returncode == 130
    assert "Stopped; nothing was recorded." in said


@pytest.mark.parametrize(
    ("launcher", "message"),
    [("acelerate launch", "no command 'acelerate' is found"), ("torchrun 'x", "No closing quotation")],
)
def test_a_launcher_that_cannot_be_started(tmp_path: Path, launcher: str, message: str) -> None:
    stage = begin(tmp_path, launcher)
    _, said = stage.communicate(timeout=60)
    assert stage.returncode == 1
    assert message in said
    assert not [*tmp_path.glob("ran-*")]
