"""A stage ends with the dvc that started it, however dvc ends, as after Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from stages.shell.ending import GRACE_SECONDS, interruptible
from tests.tiny import ROOT

STAGE = """
import os, sys, time
from pathlib import Path
{before}
from stages.shell.errors import run
from stages.shell.runs import recorded
def main():
    with recorded("score", []):
        Path("pid").write_text(str(os.getpid()))
        try:
            {work}
        except KeyboardInterrupt:
            Path("cleaned").touch()
            raise
    Path("done").touch()
run(main)
"""
SLEEPS = "time.sleep(60)"
DEAF = "import hashlib; hashlib.pbkdf2_hmac('sha256', b'', b'', 10**8)"
"""Like a long call into torch: it ignores signals, and lets other threads run."""
SLOW_START = "Path('starting').write_text(str(os.getpid())); time.sleep(2)"
DIRECT = f"{sys.executable} -c"
THROUGH_A_SHELL = "sh -c"
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a stage below a stand-in for dvc, or below `above`."""
    started: list[subprocess.Popen[str]] = []

    def begin(
        work: str = SLEEPS, before: str = "", shell: str = DIRECT, above: str = ""
    ) -> subprocess.Popen[str]:
        code = STAGE.format(work=work, before=before)
        (tmp_path / "stage.py").write_text(code)
        words = [f"{sys.executable} stage.py; echo"] if shell == THROUGH_A_SHELL else [code]
        parent = [sys.executable, above or str(ROOT / "tests/shell/parent.py"), shell, *words]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        with (tmp_path / "said").open("w") as said:
            started.append(subprocess.Popen(parent, cwd=tmp_path, env=env, stderr=said, text=True))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()
    for name in ("pid", "starting"):
        if (tmp_path / name).exists():
            with suppress(ProcessLookupError):
                os.kill(int((tmp_path / name).read_text()), signal.SIGKILL)


def pid_in(file: Path) -> int:
    return int(once(lambda: file.exists() and file.read_text(), 20))


def once(look: Callable[[], str | bool], seconds: float) -> str:
    """What `look` finds as soon as it finds something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)
    return str(found)


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("shell", [DIRECT, THROUGH_A_SHELL], ids=["direct", "shell"])
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_stage_ends_with_dvc(tmp_path: Path, start: Start, end: signal.Signals, shell: str) -> None:
    dvc = start(shell=shell)
    stage = pid_in(tmp_path / "pid")
    dvc.send_signal(end)  # and nobody waits for it: a zombie is as dead
    once(lambda: gone(stage), 10)
    assert (tmp_path / "cleaned").exists()
    assert not (tmp_path / "done").exists()
    assert not (tmp_path / ".work/runs/score.json").exists()
    said = (tmp_path / "said").read_text()
    assert "dvc has ended, so this stage ends too." in said
    assert "Stopped; nothing was recorded." in said
    assert "Traceback" not in said


def test_a_stage_ends_with_dvc_during_a_call_that_ignores_signals(tmp_path: Path, start: Start) -> None:
    dvc = start(work=DEAF)
    stage = pid_in(tmp_path / "pid")
    dvc.kill()
    once(lambda: gone(stage), GRACE_SECONDS + 10)
    assert not (tmp_path / "done").exists()


@pytest.mark.parametrize("shell", [DIRECT, THROUGH_A_SHELL], ids=["direct", "shell"])
def test_dvc_was_ended_while_the_stage_was_still_loading(tmp_path: Path, start: Start, shell: str) -> None:
    dvc = start(before=SLOW_START, shell=shell)
    stage = pid_in(tmp_path / "starting")
    dvc.kill()
    once(lambda: gone(stage), 15)
    assert not (tmp_path / "done").exists()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_stage_itself(tmp_path: Path, start: Start, end: signal.Signals) -> None:
    dvc = start()
    os.kill(pid_in(tmp_path / "pid"), end)
    assert dvc.wait(10) == 130
    assert (tmp_path / "cleaned").exists()
    assert (tmp_path / "said").read_text().strip() == "Stopped; nothing was recorded."


def test_a_stage_that_a_person_started_continues_without_its_parent(tmp_path: Path, start: Start) -> None:
    shell = tmp_path / "shell.py"
    shell.write_text("import subprocess, sys; subprocess.call([*sys.argv[1].split(), *sys.argv[2:]])")
    parent = start(work="time.sleep(2)", above=str(shell))
    stage = pid_in(tmp_path / "pid")
    parent.kill()
    once(lambda: gone(stage), 10)
    assert (tmp_path / "done").exists()


def test_without_notes_of_dvc_the_parent_is_taken_for_it(tmp_path: Path, start: Start) -> None:
    other = tmp_path / "other.py"
    other.write_text(
        "import os, subprocess, sys\nos.environ['DVC_STAGE'] = 'score'\n"
        "subprocess.call([*sys.argv[1].split(), *sys.argv[2:]])"
    )
    parent = start(above=str(other))
    stage = pid_in(tmp_path / "pid")
    time.sleep(1.5)
    assert not gone(stage)
    parent.kill()
    once(lambda: gone(stage), 10)


def test_a_stage_that_succeeds_ends_with_0(tmp_path: Path, start: Start) -> None:
    assert start(work="time.sleep(1.2)").wait(20) == 0
    assert (tmp_path / "done").exists()
    assert (tmp_path / "said").read_text() == ""


class Finalized:
    """Is interrupted while it is finalized, where Python drops the exception."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_of_a_stage_that_a_finalizer_drops_comes_again(
    tmp_path: Path, start: Start, end: signal.Signals
) -> None:
    finalizer = f"lambda self: (__import__('signal').raise_signal({int(end)}), time.sleep(0.01))"
    dvc = start(work=f"type('Finalized', (), {{'__del__': {finalizer}}})(); {SLEEPS}")
    assert dvc.wait(20) == 130
    assert (tmp_path / "cleaned").exists()
    assert (tmp_path / "said").read_text().strip() == "Stopped; nothing was recorded."


def test_an_interrupt_that_a_finalizer_drops_still_ends_the_work(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), interruptible():
        Finalized()
    assert "Traceback" not in capsys.readouterr().err


def test_an_interrupt_that_an_import_turns_into_an_error_stays_one() -> None:
    def lazily() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ModuleNotFoundError from None

    with pytest.raises(KeyboardInterrupt), interruptible():
        lazily()


def test_other_errors_pass() -> None:
    with pytest.raises(ModuleNotFoundError), interruptible():
        raise ModuleNotFoundError


def test_handlers_are_as_before() -> None:
    before = signal.getsignal(signal.SIGINT), sys.unraisablehook
    with interruptible():
        pass
    assert (signal.getsignal(signal.SIGINT), sys.unraisablehook) == before
