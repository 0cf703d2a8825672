"""A second run beside the first."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping

import psutil

from experiments.faults.killing import LOOK_SECONDS, command, stage_below
from experiments.faults.outcomes import Outcome, after_repro
from experiments.faults.scratch import Project
from stages.shell.alone import HOLDER
from stages.shell.errors import UserError
from stages.shell.runs import WORK

SECOND = "a second run of the same stage"


def second_runs(project: Project, undisturbed: Mapping[str, bytes], stages: list[str]) -> Iterator[Outcome]:
    """Start a stage twice, by dvc and by Python: the second must say so and leave, and the first end well."""
    for stage in stages:
        for words, told in ((command(stage), "busy"), (("-m", f"stages.{stage}"), "is running in process")):
            project.forget_runs()
            with project.start(sys.executable, *command(stage)) as first:
                below = _at_work(project, stage, first)
                below[-1].suspend()  # or the first may end while the second waits for it
                code = project.run(sys.executable, *words)
                said = project.said()
                below[-1].resume()
                ended = first.wait()
            wrong = [] if code and told in said else [f"the second ended with {code}: {said[-300:]}"]
            wrong += [f"the first ended with {ended}"] if ended else []
            yield after_repro(project, undisturbed, SECOND, f"{stage}, {' '.join(words[:3])}", wrong)


def _at_work(project: Project, stage: str, dvc: "subprocess.Popen[str]") -> list[psutil.Process]:
    """The stage's processes as soon as they have noted that they run it; UserError if dvc ends before."""
    note = project.folder / WORK / stage / HOLDER
    while dvc.poll() is None:
        if note.exists() and (below := stage_below(dvc.pid)):
            return below
        time.sleep(LOOK_SECONDS)
    raise UserError(f"dvc ended before {stage} began\n{project.said()}")
