"""What is done to the project, by name."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from experiments.faults.edits import by_hand, markers, unseen
from experiments.faults.filling import filled
from experiments.faults.killing import killed, seconds_of
from experiments.faults.kills import in_two_processes, kills
from experiments.faults.outcomes import Outcome
from experiments.faults.remotes import damaged_remote, lost_remote
from experiments.faults.scratch import Project
from experiments.faults.together import second_runs

KILLS = 45
PARTS = 4
"""Parts of the kills, each in a copy of its own, so that several are done at one time."""
SEED = 16
ADAPTER = "models/adapters/original/adapter_model.safetensors"
GENERATED, SCORES = "data/generated/completions.jsonl", "data/scores/nll.jsonl"
CACHED = [ADAPTER, GENERATED, SCORES]
PREPARED = "data/prepared/rejected.jsonl"

Doing: TypeAlias = Callable[[Project, Mapping[str, bytes]], Iterator[Outcome]]
"""Does faults to a copy of the project, whose undisturbed results it gets."""


def faults(n_kills: int, seed: int) -> dict[str, Doing]:
    """What is done to a finished project, by name; each gets a copy of its own."""
    found: dict[str, Doing] = {f"kills-{part + 1}": _kills(n_kills, seed, part) for part in range(PARTS)}
    return found | {name: _seeded(do, seed) for name, do in OTHERS.items()}


def _kills(n: int, seed: int, part: int) -> Doing:
    def kill(project: Project, undisturbed: Mapping[str, bytes]) -> Iterator[Outcome]:
        plan = [*kills(project.stages, n, seed), *in_two_processes(seed)][part::PARTS]
        return killed(project, undisturbed, plan, seconds_of(project))

    return kill


def _seeded(do: Callable[[Project, Mapping[str, bytes], int], Iterator[Outcome]], seed: int) -> Doing:
    return lambda project, undisturbed: do(project, undisturbed, seed)


OTHERS: dict[str, Callable[[Project, Mapping[str, bytes], int], Iterator[Outcome]]] = {
    "disk": lambda project, before, seed: filled(project, before, project.stages, seed),
    "remotes": lambda project, before, seed: damaged_remote(project, before, CACHED, seed),
    "lost": lambda project, before, seed: lost_remote(project, before, [SCORES, PREPARED]),
    "unseen": lambda project, before, seed: unseen(project, before, CACHED),
    "lock": lambda project, before, seed: by_hand(project, before, ["collect", "score"], seed),
    "markers": lambda project, before, seed: markers(project, before, ["prepare", "generate"]),
    "twice": lambda project, before, seed: second_runs(project, before, ["score", "generate"]),
}
