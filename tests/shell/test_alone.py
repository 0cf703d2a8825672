"""Which process holds the folder of a stage, and what a second process says."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stages.common.files import write_json
from stages.shell import alone as module
from stages.shell.alone import HOLDER, Holder, alone, holder_of, running
from stages.shell.errors import UserError
from stages.shell.runs import recorded
from tests.tiny import ROOT

HOLD = """
import sys, time
from pathlib import Path
from stages.shell.alone import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@contextmanager
def held(home: Path, seconds: float = 60) -> Iterator[subprocess.Popen[str]]:
    """Another process that works in `home`."""
    command = [sys.executable, "-c", HOLD, str(home), str(seconds)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.2)
    return tmp_path / "score"


def test_a_second_process_learns_who_is_running_since_when_and_what_to_do(home: Path) -> None:
    with held(home) as other:
        since = r"since 20\d\d-\d\d-\d\d \d\d:\d\d"
        expected = rf"^score is running in process {other.pid} \({since}\)\n.*kill {other.pid}$"
        with pytest.raises(UserError, match=expected), alone(home):
            pytest.fail("both")
        assert [holder.pid for holder in running(home.parent)] == [other.pid]


def test_a_process_that_is_ending_is_waited_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 20.0)
    with held(home, seconds=1), alone(home):
        assert running(home.parent)[0].pid == os.getpid()


def test_a_killed_process_holds_nothing_and_its_note_does_no_harm(home: Path) -> None:
    with held(home) as other:
        other.kill()
        other.wait()
        assert (home / HOLDER).exists()
        assert running(home.parent) == []
        with alone(home):
            assert [holder.pid for holder in running(home.parent)] == [os.getpid()]
    assert running(home.parent) == []


def test_other_stages_run_at_the_same_time(tmp_path: Path) -> None:
    with alone(tmp_path / "train_original"), alone(tmp_path / "train_augmented"):
        assert [holder.name for holder in running(tmp_path)] == ["train_augmented", "train_original"]


@pytest.mark.parametrize(
    "note", ["", "[]", "{", '{"name": "score"}', '{"name": "a", "pid": "x", "since": 1}']
)
def test_a_damaged_note(home: Path, note: str) -> None:
    with held(home):
        (home / HOLDER).write_text(note)
        assert holder_of(home) is None
        with pytest.raises(UserError, match="score is running in another process"), alone(home):
            pytest.fail("both")


def test_a_process_that_got_the_number_of_one_that_has_ended(tmp_path: Path) -> None:
    began_before_us = Holder("score", os.getpid(), time.time() - 10_000)
    write_json(tmp_path / HOLDER, vars(began_before_us))
    assert holder_of(tmp_path) is None


def test_a_process_that_fails_releases_the_lock(home: Path) -> None:
    with pytest.raises(ZeroDivisionError), alone(home):
        raise ZeroDivisionError
    with alone(home):
        pass


def test_every_stage_that_writes_is_recorded_and_so_works_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mains = [path.read_text("utf-8") for path in (ROOT / "stages").glob("*/__main__.py")]
    assert len(mains) == 7
    assert all(re.search(r"with recorded\(", main) for main in mains)
    monkeypatch.chdir(home.parent)
    with held(Path(".work/score")), pytest.raises(UserError, match="score is running"), recorded("score", []):
        pytest.fail("both")
