"""Stop and damage the pipeline in many ways; after each, `dvc repro` must end in the undisturbed run's bytes.

    python -m experiments.faults                    # a random base and few people: half an hour
    python -m experiments.faults --real             # the project's own base and params: many hours
    python -m experiments.faults --kills 9 --only kills

It works in clones of the last commit in a scratch folder, which is removed at the end. The counts go to
metrics/faults.json, unless --only leaves some kinds out.
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, takewhile
from pathlib import Path
from threading import Event

from rich.console import Console

from experiments.faults.edits import by_hand, markers, unseen
from experiments.faults.filling import filled
from experiments.faults.killing import in_two_processes, killed, kills, seconds_of
from experiments.faults.outcomes import Outcome, summary, terminal
from experiments.faults.remotes import damaged_remote, lost_remote
from experiments.faults.scratch import Project, make_project
from experiments.faults.together import second_runs
from stages.common.files import write_metrics
from stages.shell.errors import run

RESULT = Path("metrics/faults.json")
KILLS = 45
PARTS = 3
"""Parts of the kills, each in a copy of its own, so that several are done at one time."""
SEED = 16
ADAPTER = "models/adapters/original/adapter_model.safetensors"
GENERATED, SCORES = "data/generated/completions.jsonl", "data/scores/nll.jsonl"
CACHED = [ADAPTER, GENERATED, SCORES]
WITH_BASE = ("train_original", "train_augmented", "score", "generate")
PREPARED = "data/prepared/rejected.jsonl"


Doing = Callable[[Project, Mapping[str, bytes]], Iterator[Outcome]]


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
    todo = {name: do for name, do in faults(args.kills, args.seed).items() if _asked(name, args.only)}
    with tempfile.TemporaryDirectory(dir=args.scratch, prefix="thesis-faults-") as home:
        found = suffered(make_project(Path(home), real=args.real), todo, args.jobs)
    Console().print(terminal(found))
    if not args.only:
        settings = {"seed": args.seed, "is_real": int(args.real), "at_one_time": args.jobs}
        write_metrics(RESULT, summary(found, settings))
    if any(one.wrong for one in found):
        sys.exit("Something was lost: see above")


def faults(n_kills: int, seed: int) -> dict[str, Doing]:
    """What is done to a finished project, by name; each gets a copy of its own."""
    found: dict[str, Doing] = {f"kills-{part + 1}": _kills(n_kills, seed, part) for part in range(PARTS)}
    return found | {name: _seeded(do, seed) for name, do in OTHERS.items()}


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


def _asked(name: str, only: list[str] | None) -> bool:
    return only is None or name.partition("-")[0] in only


def _kills(n: int, seed: int, part: int) -> Doing:
    def kill(project: Project, undisturbed: Mapping[str, bytes]) -> Iterator[Outcome]:
        plan = [*kills(project.stages, n, seed), *in_two_processes(seed)][part::PARTS]
        return killed(project, undisturbed, plan, seconds_of(project))

    return kill


def _seeded(do: Callable[[Project, Mapping[str, bytes], int], Iterator[Outcome]], seed: int) -> Doing:
    return lambda project, undisturbed: do(project, undisturbed, seed)


def _two(project: Project, seed: int) -> list[str]:
    """Two stages that compute with the base."""
    models = [
        stage for stage in project.stages if stage.startswith("train_") or stage in ("score", "generate")
    ]
    return random.Random(seed).sample(models, 2)


OTHERS: dict[str, Callable[[Project, Mapping[str, bytes], int], Iterator[Outcome]]] = {
    "disk": lambda project, before, seed: filled(project, before, project.stages, seed),
    "remotes": lambda project, before, seed: damaged_remote(project, before, CACHED, seed),
    "lost": lambda project, before, seed: lost_remote(project, before, [SCORES, PREPARED]),
    "unseen": lambda project, before, seed: unseen(project, before, CACHED),
    "lock": lambda project, before, seed: by_hand(project, before, _two(project, seed), seed),
    "markers": lambda project, before, seed: markers(project, before, ["prepare", "generate"]),
    "twice": lambda project, before, seed: second_runs(project, before, ["score", "generate"]),
}


if __name__ == "__main__":
    run(main)
