"""dvc is killed while a training runs: the training ends too, and the next run continues it."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.project import Project, change_params, make_project
from tests.tiny import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

TRAIN = ("repro", "--force", "--single-item", "train_original")
OUTPUTS = ("models/adapters/original", "metrics/train_original.json", "metrics/plots", "dvc.lock")


def test_ten_of_ten_trainings_end_with_dvc_and_the_next_one_gives_the_same_bytes(tiny_llama, tmp_path):
    project = make_project(tmp_path, tiny_llama)
    change_params(train={"common": {"steps": 400, "evaluate_every": 5}})(project.folder)
    project.dvc("repro", "train_original")
    uninterrupted = outputs(project)
    rng = random.Random(12)
    for number in range(10):
        dvc = started(project)
        stage = within(60, lambda dvc=dvc: stage_of(dvc))
        while_it_trains = number % 2  # or while it loads
        if while_it_trains:
            before = saved(project)
            within(60, lambda before=before: saved(project) - before)
        time.sleep(rng.uniform(0, 0.6 if while_it_trains else 2))
        assert stage.is_running(), "it ended too early for this test"
        dvc.send_signal(signal.SIGKILL if number % 4 < 2 else signal.SIGTERM)
        dvc.wait()
        within(60, lambda stage=stage: not stage.is_running())
        assert not (project.folder / "models/adapters/original").exists()
    done = project.run(sys.executable, "-m", "dvc", *TRAIN)
    assert "The training continues after step" in done.stderr
    assert outputs(project) == uninterrupted


STAGE = """
import time
from stages.shell.errors import run
from stages.shell.runs import recorded
def main():
    with recorded("score", []):
        time.sleep(2)
run(main)
"""


@pytest.mark.parametrize("where", [(), ("--temp",), ("--queue",)], ids=["here", "temp", "queue"])
def test_an_experiment_runs_to_its_end(tmp_path, where):
    """The experiment has its own folder, but DVC_ROOT is the project: the stage must still find its dvc."""
    project = Project(tmp_path, {"PYTHONPATH": str(ROOT)})
    (tmp_path / "stage.py").write_text(STAGE)
    (tmp_path / "params.yaml").write_text("a: 1")
    (tmp_path / "dvc.yaml").write_text("stages: {score: {cmd: python stage.py, params: [a]}}")
    project.git("init", "--quiet")
    project.dvc("init", "--quiet")
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "An experiment")
    project.dvc("exp", "run", *where, "--set-param", "a=2")
    if where == ("--queue",):
        project.dvc("queue", "start")
        within(60, lambda: "Success" in project.dvc("queue", "status"))
        project.dvc("queue", "stop")
    assert '"a": 2' in project.dvc("exp", "show", "--json", "--only-changed")


def started(project):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, **project.env}
    env |= {"THESIS_DEVICE": "cpu", "DVC_NO_ANALYTICS": "1", "PYTHONPATH": str(project.folder)}
    said = subprocess.DEVNULL
    command = [sys.executable, "-m", "dvc", *TRAIN]
    return subprocess.Popen(command, cwd=project.folder, env=env, stdout=said, stderr=said)


def saved(project):
    """The intact checkpoints of the training."""
    return {*(project.folder / ".work/train_original").glob("*/checkpoint-*/sha256.json")}


def stage_of(dvc):
    """The process of the stage that this dvc runs."""
    below = psutil.Process(dvc.pid).children(recursive=True)
    return next((process for process in below if "stages.train" in process.cmdline()), None)


def within(seconds, look):
    """What `look` finds as soon as it finds something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)
    return found


def outputs(project):
    places = [project.folder / place for place in OUTPUTS]
    files = [file for place in places for file in [place, *place.rglob("*")] if file.is_file()]
    return {str(file.relative_to(project.folder)): file.read_bytes() for file in files}
