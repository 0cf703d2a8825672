"""Values of params that fit into a memory, and the Macs that the base and params fit on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from stages.shell.room import KNOBS
from thesis.doctor.amounts import batches
from thesis.doctor.counting import lengths_of
from thesis.doctor.findings import Finding, ok
from thesis.doctor.needs import Work, memory
from thesis.doctor.project import Project

MACS = (8, 16, 18, 24, 36)
"""Gigabytes of the Macs that are sold with an M-series chip, up to where Llama 2 fits."""
ROOMY = 0.85
"""Share of the memory that a stage may need without a warning."""


@dataclass(frozen=True)
class Knob:
    """What a stage needs under each value of its parameter."""

    now: int
    values: list[int]
    """Values that may be set instead, the largest first."""
    need: Callable[[int], int]
    """Bytes under a value."""

    def fitting(self, limit: int) -> int | None:
        """The largest value that fits; None if none does."""
        return next((value for value in (self.now, *self.values) if self.need(value) <= limit), None)


def knobs_of(project: Project, holes: bool) -> dict[str, Knob]:
    """The parameters of the stages that compute with the base.

    Args:
        holes: as `needs.memory`.
    """
    shape, base = project.shape, project.entry[1]
    if shape is None:
        return {}
    train, n_rows = project.train, project.generate.batch_size
    packs = [n for n in _below(train.records_per_pack) if train.batch_size % n == 0]
    scored = project.score.records_per_pack

    def need(stage: str, work: Work) -> int:
        return memory(shape, base, work, holes)[stage]

    return {
        "train": Knob(train.records_per_pack, packs, lambda n: need("train", work_of(project, trained=n))),
        "score": Knob(scored, _below(scored), lambda n: need("score", work_of(project, scored=n))),
        "generate": Knob(n_rows, _below(n_rows), lambda n: need("generate", work_of(project, drawn=n))),
    }


def work_of(project: Project, trained: int = 0, scored: int = 0, drawn: int = 0) -> Work:
    """Amounts of work that are computed at one time.

    Args:
        trained: train.common.records_per_pack, if another than that of params.yaml.
        scored: as trained, score.records_per_pack.
        drawn: as trained, generate.batch_size.
    """
    lengths = lengths_of(project)
    return Work(
        trained_tokens=lengths.pack(trained or project.train.records_per_pack),
        scored_tokens=lengths.pack(scored or project.score.records_per_pack),
        drawn=batches(project, drawn),
        new_tokens=project.generate.max_new_tokens,
        longest=lengths.longest_trained,
        longest_completion=lengths.longest_completion,
        n_lora=project.n_lora,
    )


def working_set(gigabytes: int) -> int:
    """Bytes that Metal gives to a program on a Mac: two thirds up to 16 GB, three quarters above."""
    whole = gigabytes * 2**30
    return whole * 2 // 3 if gigabytes <= 16 else whole * 3 // 4


def macs(knobs: Mapping[str, Knob]) -> list[Finding]:
    """Which Macs the base and params fit on as they are, with which values, and on which not at all.

    Nothing if the base fits none of them: what this computer lacks is told elsewhere.
    """
    by_change: dict[str | None, list[int]] = {}
    for gigabytes in MACS:
        by_change.setdefault(changes(knobs, int(ROOMY * working_set(gigabytes))), []).append(gigabytes)
    misfits = by_change.pop(None, [])
    found = [
        f"Macs with {_listed(sizes)} GB (calculated): fits with {change or 'these params'}"
        for change, sizes in by_change.items()
    ]
    if found and misfits:
        found[0] += f"; with {_listed(misfits)} GB the base does not fit, whatever the params"
    return [*map(ok, found)]


def changes(knobs: Mapping[str, Knob], limit: int) -> str | None:
    """The params to change so that all stages fit: "" if none, None if no value is small enough."""
    fitting = {stage: knob.fitting(limit) for stage, knob in knobs.items()}
    if None in fitting.values():
        return None
    return ", ".join(
        f"{KNOBS[stage]}: {value}" for stage, value in fitting.items() if value != knobs[stage].now
    )


def remedy(stage: str, knob: Knob, limit: int) -> str:
    """What to set so that a stage fits; "" if no value is small enough."""
    value = knob.fitting(limit)
    return "" if value is None else f"{KNOBS[stage]}: {value}"


def _below(n: int) -> list[int]:
    return list(range(n - 1, 0, -1))


def _listed(sizes: Iterable[int]) -> str:
    """Numbers as a list in words."""
    *head, last = map(str, sizes)
    return f"{', '.join(head)} and {last}" if head else last
