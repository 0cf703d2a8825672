"""Whole commands: `make repro` in a fresh clone, `dvc repro` with nothing changed, the start of a stage."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.processes import Failed
from benchmarks.side_by_side.checkouts import OLD, clone
from benchmarks.side_by_side.environments import cache_folder
from benchmarks.side_by_side.results import OURS, Line, Run
from benchmarks.side_by_side.turns import Setting, in_turns, timed

HERE = Path.cwd()
BIN = Path(sys.prefix) / "bin"
ENVIRONMENT = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "DVC_NO_ANALYTICS": "1"}
EMPTY, BARE = "dvc status, empty project", "pandas + pydantic"


def repro(setting: Setting) -> Line:
    """`make repro` in a fresh clone of the committed state, installed, the base model in the cache."""
    line = Line("repro", "`make repro`, fresh clone, installed", "s", required={OLD: 0.6})
    if setting.is_quick:
        line.missing = dict.fromkeys((OURS, OLD), "left out of a quick run")
        return line
    return in_turns(line, {OURS: (1, lambda: _repro(None)), OLD: (1, lambda: _repro(OLD))})


def unchanged(setting: Setting) -> Line:
    """`dvc repro` here, where nothing may have changed."""
    line = Line("unchanged", "`dvc repro`, nothing changed", "s", required={EMPTY: 2})
    empty = cache_folder() / "empty-project"
    shutil.rmtree(empty, ignore_errors=True)
    empty.mkdir(parents=True)
    for command in (["git", "init", "--quiet"], [BIN / "dvc", "init", "--quiet"]):
        subprocess.run(list(map(str, command)), cwd=empty, env=ENVIRONMENT, check=True)
    turns = setting.turns(7)
    sides = {
        OURS: (turns, _unchanged),
        EMPTY: (turns, lambda: timed([BIN / "dvc", "status"], empty, ENVIRONMENT)),
    }
    return in_turns(line, sides)


def start(setting: Setting, stage: str) -> Line:
    """Start of Python and all imports of a stage without torch."""
    line = Line(f"start-{stage}", f"start of `{stage}`", "s", required={BARE: 1.5})
    turns = setting.turns(11)
    sides = {
        OURS: (turns, lambda: _imported(f"stages.{stage}.__main__")),
        BARE: (turns, lambda: _imported("pandas, pydantic")),
    }
    return in_turns(line, sides)


def _repro(commit: str | None) -> Run:
    folder = cache_folder() / "clones" / (commit or "present")
    clone(commit, folder)
    (folder / ".venv").symlink_to(sys.prefix)
    installed = {**ENVIRONMENT, "PYTHONPATH": str(folder)}
    return timed(["make", "--old-file", ".venv/.installed", "repro"], folder, installed)


def _unchanged() -> Run:
    if subprocess.run([BIN / "dvc", "status", "--quiet"], cwd=HERE, env=ENVIRONMENT, check=False).returncode:
        raise Failed("dvc status names changes; record them first: dvc repro")
    return timed([BIN / "dvc", "repro"], HERE, ENVIRONMENT)


def _imported(modules: str) -> Run:
    return timed([sys.executable, "-c", f"import {modules}"], HERE, ENVIRONMENT)
