"""Kill dvc, the stage's Python or both, at seeded moments of every stage."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, product
from signal import Signals
from typing import Literal, TypeAlias

import psutil

from benchmarks.whole_dag import stage_of
from experiments.faults.hashes import forget_stage
from experiments.faults.outcomes import Outcome, after_repro
from experiments.faults.scratch import Project
from stages.shell.runs import RUNS, WORK

Target: TypeAlias = Literal["dvc", "python", "both"]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
TARGETS: tuple[Target, ...] = ("dvc", "python", "both")
KEEPING = ("train_original", "train_augmented", "score", "generate")
KEPT = ("*/checkpoint-*/sha256.json", "*/*.json")
"""Files of a whole checkpoint and of a batch, in a stage's folder under .work/."""
ORPHAN_SECONDS = 300
"""Time in which a stage must end after its dvc. It looks for its dvc as soon as its imports are done."""
ENDING_SECONDS = 900
EARLIER = 0.6
"""Share of the moment at which a kill is tried again that came too late: a computer is not always as fast."""
LOOK_SECONDS = 0.02
TWO = "torchrun --nproc_per_node 2"


@dataclass(frozen=True)
class Kill:
    """A kill that is to come."""

    stage: str
    number: Signals
    target: Target
    moment: float
    """Share of the time that dvc takes for this stage, its own start and end included."""
    once_kept: bool = False
    """Wait for the first checkpoint or batch instead, and for `moment` of a second."""
    launcher: str = ""

    @property
    def kind(self) -> str:
        return f"{self.number.name} at {self.target}{' of two processes' if self.launcher else ''}"

    @property
    def what(self) -> str:
        if self.once_kept:
            return f"{self.stage} {self.moment:.2f} s after it kept something"
        return f"{self.stage} after {self.moment:.0%} of its time"


def kills(stages: list[str], n: int, seed: int) -> list[Kill]:
    """n kills. Eight stages and nine pairs of signal and target: the first 72 are all different.

    Two of three kills of a stage that keeps something come once it does: most of its time is imports.
    """
    draws = random.Random(seed)
    pairs = [*product(SIGNALS, TARGETS)]
    return [
        Kill(
            stage := stages[i % len(stages)],
            *pairs[i % len(pairs)],
            moment=draws.uniform(0.05, 0.98),
            once_kept=stage in KEEPING and i // len(stages) % 3 != 0,
        )
        for i in range(n)
    ]


def in_two_processes(seed: int) -> list[Kill]:
    """Kills of a launcher's processes, while they share draws and losses."""
    draws = random.Random(seed)
    return [
        Kill(stage, signal.SIGKILL, "python", draws.uniform(0.1, 0.9), once_kept=True, launcher=TWO)
        for stage in ("score", "generate")
    ]


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
