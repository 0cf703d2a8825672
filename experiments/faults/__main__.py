"""Stop and damage the pipeline in many ways; after each, `dvc repro` must end in the undisturbed run's bytes.

    python -m experiments.faults                    # a random base and few people: an hour
    python -m experiments.faults --real             # the project's own base and params: many hours
    python -m experiments.faults --kills 9 --only kills

It works in clones of the last commit in a scratch folder, which is removed at the end. The counts go to
metrics/faults.json; with --only, those of the other kinds stay if they are of the same commit.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, takewhile
from pathlib import Path
from threading import Event
from typing import Any

from rich.console import Console

from experiments.faults.outcomes import Outcome, of_commit, summary, terminal
from experiments.faults.plan import KILLS, OTHERS, SEED, Doing, faults
from experiments.faults.scratch import Project, make_project
from stages.common.files import read_json, write_json
from stages.shell.errors import run
from thesis.programs import git_text

RESULT = Path("metrics/faults.json")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m experiments.faults", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--real", action="store_true", help="the project's own base, data and params")
    parser.add_argument("--only", choices=["kills", *OTHERS], nargs="+", help="kinds of faults")
    parser.add_argument("--jobs", type=int, default=2, help="faults at one time")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    args = parser.parse_args()
    commit = git_text("rev-parse", "HEAD").strip()
    todo = {name: do for name, do in faults(args.kills, args.seed).items() if _asked(name, args.only)}
    with tempfile.TemporaryDirectory(dir=args.scratch, prefix="thesis-faults-") as home:
        found = suffered(make_project(Path(home), real=args.real), todo, args.jobs)
    Console().print(terminal(found))
    settings = {"seed": args.seed, "is_real": int(args.real), "at_one_time": args.jobs}
    tried = {one.kind for one in found}
    known = {kind: row for kind, row in _known().items() if args.only and kind not in tried}
    kept, told = of_commit(known, commit)
    for line in told:
        print(f"{RESULT}: {line}")
    write_json(RESULT, summary(found, settings, commit, kept))
    if any(one.wrong for one in found):
        sys.exit("Something was lost: see above")


def suffered(project: Project, todo: Mapping[str, Doing], jobs: int) -> list[Outcome]:
    """Do all faults, those of one name one after another."""
    undisturbed, stopped = project.results(), Event()

    def one(name: str) -> list[Outcome]:
        copy = project.copy(project.folder.parent / name / "project")
        return [*takewhile(lambda _: not stopped.is_set(), _suffered(project, copy, todo[name], undisturbed))]

    with ThreadPoolExecutor(jobs) as pool:
        try:
            return [*chain.from_iterable(pool.map(one, todo))]
        finally:
            stopped.set()  # or Ctrl-C would wait for all faults
            pool.shutdown(cancel_futures=True)


def _suffered(
    project: Project, copy: Project, do: Doing, undisturbed: Mapping[str, bytes]
) -> Iterator[Outcome]:
    """Do faults to a copy of the project. After a loss it is copied again."""
    for outcome in do(copy, undisturbed):
        print(outcome, file=sys.stderr, flush=True)
        yield outcome
        if outcome.wrong:
            shutil.rmtree(copy.folder)
            project.copy(copy.folder)


def _known() -> dict[str, dict[str, Any]]:
    """The counts of the last run."""
    known: dict[str, dict[str, Any]] = read_json(RESULT)["kinds"] if RESULT.exists() else {}
    return known


def _asked(name: str, only: list[str] | None) -> bool:
    return only is None or name.partition("-")[0] in only


if __name__ == "__main__":
    run(main)
