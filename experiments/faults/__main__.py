"""Stop and damage the pipeline in many ways; after each, `dvc repro` must end in the undisturbed run's bytes.

    python -m experiments.faults                    # a random base and few people: half an hour
    python -m experiments.faults --real             # the project's own base and params: many hours
    python -m experiments.faults --kills 9 --only kills

It works in a clone of the last commit in a scratch folder, which is removed at the end. The counts go to
metrics/faults.json.
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

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
SEED = 16
ADAPTER = "models/adapters/original/adapter_model.safetensors"
GENERATED, SCORES = "data/generated/completions.jsonl", "data/scores/nll.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m experiments.faults", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--real", action="store_true", help="the project's own base, data and params")
    parser.add_argument("--only", choices=list(faults(0, 0)), nargs="+", help="kinds of faults")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    args = parser.parse_args()
    todo = faults(args.kills, args.seed)
    with tempfile.TemporaryDirectory(dir=args.scratch, prefix="thesis-faults-") as home:
        project = make_project(Path(home), real=args.real)
        found = [*suffered(project, {name: todo[name] for name in args.only or todo})]
    Console().print(terminal(found))
    if not args.only:
        write_metrics(RESULT, summary(found, {"seed": args.seed, "is_real": int(args.real)}))
    if any(one.wrong for one in found):
        sys.exit("Something was lost: see above")


Doing = Callable[[Project, Mapping[str, bytes]], Iterator[Outcome]]


def faults(n_kills: int, seed: int) -> dict[str, Doing]:
    """What is done to a finished project, by name."""
    models = ["train_original", "train_augmented", "score", "generate"]

    def kill(project: Project, undisturbed: Mapping[str, bytes]) -> Iterator[Outcome]:
        seconds = seconds_of(project, project.stages)
        plan = [*kills(project.stages, n_kills, seed), *in_two_processes(seed)]
        return killed(project, undisturbed, plan, seconds)

    return {
        "kills": kill,
        "disk": lambda project, before: filled(project, before, project.stages, seed, project.folder.parent),
        "remotes": lambda project, before: damaged_remote(
            project, before, [ADAPTER, GENERATED, SCORES], seed
        ),
        "lost": lambda project, before: lost_remote(project, before, [SCORES, "data/prepared/original"]),
        "unseen": lambda project, before: unseen(project, before, [ADAPTER, GENERATED, SCORES]),
        "lock": lambda project, before: by_hand(project, before, random.Random(seed).sample(models, 2), seed),
        "markers": lambda project, before: markers(project, before, ["prepare", "generate"]),
        "twice": lambda project, before: second_runs(project, before, ["score", "generate"]),
    }


def suffered(project: Project, todo: Mapping[str, Doing]) -> Iterator[Outcome]:
    """Do all faults of a kind to one copy of the project. After a loss it is copied again."""
    undisturbed = project.results()
    for name, do in todo.items():
        folder = project.folder.parent / name / "project"
        for outcome in do(project.copy(folder), undisturbed):
            print(outcome, file=sys.stderr, flush=True)
            yield outcome
            if outcome.wrong:
                shutil.rmtree(folder)
                project.copy(folder)


if __name__ == "__main__":
    run(main)
