"""How a stage ends: on a mistake, a full disk and Ctrl-C."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stages.prepare.__main__ import main
from stages.shell.errors import run
from tests.bad_input.inputs import ORIGINAL, message, people, write


def test_full_disk_leaves_the_previous_output(monkeypatch):
    run(main)
    before = Path("metrics/data.json").read_bytes()
    write(ORIGINAL, people()[1:])

    def fsync(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", fsync)
    assert "The disk is full" in message()
    assert Path("metrics/data.json").read_bytes() == before
    assert [path for path in Path().rglob("*") if path.name.endswith(".part")] == []


def test_ctrl_c_ends_with_130(monkeypatch, capsys):
    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("stages.prepare.prepared.read_raw", interrupted)
    with pytest.raises(SystemExit) as ended:
        run(main)
    assert ended.value.code == 130
    assert "Stopped" in capsys.readouterr().err
    assert not Path(".work/runs/prepare.json").exists()


def test_as_a_command():
    write(ORIGINAL, "[1,")
    command = [sys.executable, "-m", "stages.prepare"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "data/raw/original.json:1:4: not JSON" in done.stderr
    assert "Traceback" not in done.stderr
