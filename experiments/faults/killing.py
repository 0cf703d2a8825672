"""Kill dvc, the stage's Python or both, and run again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

import psutil

from benchmarks.whole_dag import stage_of
from experiments.faults.hashes import forget_stage
from experiments.faults.kills import Kill
from experiments.faults.outcomes import Outcome, after_repro
from experiments.faults.scratch import Project
from stages.shell.runs import RUNS, WORK

KEPT = ("*/checkpoint-*/sha256.json", "*/*.json")
"""Files of a whole checkpoint and of a batch, in a stage's folder under .work/."""
ORPHAN_SECONDS = 300
"""Time in which a stage must end after its dvc. It looks for its dvc as soon as its imports are done."""
ENDING_SECONDS = 900
EARLIER = 0.6
"""Share of the moment at which a kill is tried again that came too late: a computer is not always as fast."""
LOOK_SECONDS = 0.02


def killed(
    project: Project, undisturbed: Mapping[str, bytes], plan: list[Kill], seconds: Mapping[str, float]
) -> Iterator[Outcome]:
    """Kill, run again, compare.

    Args:
        seconds: that dvc takes for each stage.
    """
    for kill in plan:
        if kill.launcher:
            project.env["THESIS_LAUNCHER"] = kill.launcher
        after = kill.moment * seconds[kill.stage] * (2 if kill.launcher else 1)
        while not (hit := strike(project, kill, after)).in_time:
            after *= EARLIER
        yield after_repro(project, undisturbed, kill.kind, kill.what, hit.orphans)
        project.env.pop("THESIS_LAUNCHER", None)


def seconds_of(project: Project) -> dict[str, float]:
    """Seconds that dvc takes for each stage, about: from one stage's end to the next one's, and dvc's start.

    The first stage shows how long dvc takes to start: half of its time, since its own work is short.
    """
    ends = {file.stem: file.stat().st_mtime for file in (project.folder / RUNS).glob("*.json")}
    in_order = sorted(ends, key=lambda stage: ends[stage])
    began = [project.began, *(ends[stage] for stage in in_order)]
    took = {stage: ends[stage] - start for stage, start in zip(in_order, began, strict=False)}
    start = took.pop(in_order[0])
    return {in_order[0]: start} | {stage: seconds + start / 2 for stage, seconds in took.items()}


def command(stage: str) -> tuple[str, ...]:
    """The words after `python` that run one stage again."""
    return "-m", "dvc", "repro", "--force", "--single-item", stage


@dataclass(frozen=True)
class Hit:
    """Whether a kill came before the end, and which processes outlived it."""

    in_time: bool
    orphans: list[str]


def strike(project: Project, kill: Kill, after: float) -> Hit:
    """Run a stage and send the signal after so many seconds."""
    forget_stage(project, kill.stage)
    with project.start(sys.executable, *command(kill.stage)) as dvc:
        _wait(project, kill, dvc, after)
        below: list[psutil.Process] = []
        while dvc.poll() is None and not (below := stage_below(dvc.pid)) and kill.target != "dvc":
            time.sleep(LOOK_SECONDS)  # until the stage's process is there
        if dvc.poll() is not None:
            return Hit(in_time=False, orphans=[])
        send(kill, dvc.pid, below)
        if kill.number != signal.SIGINT and kill.target != "python":
            outlived = psutil.wait_procs(below, timeout=ORPHAN_SECONDS)[1]
        else:
            outlived = []
        dvc.wait(ENDING_SECONDS)
    return Hit(True, [f"process {one.pid} outlived dvc" for one in outlived])


def _wait(project: Project, kill: Kill, dvc: "subprocess.Popen[str]", after: float) -> None:
    """Wait for the moment of a kill, or for the end of dvc."""
    kept = project.folder / WORK / kill.stage
    while kill.once_kept and dvc.poll() is None and not any(chain(*map(kept.glob, KEPT))):
        time.sleep(LOOK_SECONDS)
    with suppress(subprocess.TimeoutExpired):
        dvc.wait(kill.moment if kill.once_kept else after)


def send(kill: Kill, dvc: int, below: list[psutil.Process]) -> None:
    with suppress(ProcessLookupError, psutil.NoSuchProcess):
        if kill.target == "both":
            os.killpg(dvc, kill.number)  # as Ctrl-C in a terminal reaches all
        elif kill.target == "dvc":
            os.kill(dvc, kill.number)
        else:
            below[-1].send_signal(kill.number)


def stage_below(dvc: int) -> list[psutil.Process]:
    """The processes that run the stage below dvc: Python, and those of a launcher after it."""
    found = []
    with suppress(psutil.Error):
        for process in psutil.Process(dvc).children(recursive=True):
            with suppress(psutil.Error):
                if stage_of(_words(process)):
                    found.append(process)
    return found


def _words(process: psutil.Process) -> list[str]:
    """A command line without the option that torchrun gives Python."""
    return [word for word in process.cmdline() if word != "-u"]
