"""Memory of the device and the computer, against what the stages need."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

from stages.common.llm import metal
from stages.common.llm.devices import memory_bytes
from thesis.doctor.amounts import batches
from thesis.doctor.counting import lengths_of
from thesis.doctor.findings import Finding, gigabytes, ok, problem, warning
from thesis.doctor.needs import Sizes, Work, evaluate_bytes, loading, memory
from thesis.doctor.project import Project

GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
REMEDIES = {
    "train": "halve train.common.records_per_pack, or gradient_checkpointing: true in models/bases.yaml",
    "score": "halve score.records_per_pack",
    "generate": "halve generate.batch_size",
    "evaluate": "take fewer people (prepare.sample.n) or fewer evaluate.null_draws",
}
SMALLER = "or take a smaller or a quantized base of models/bases.yaml"


@dataclass(frozen=True)
class Memory:
    """Bytes that the stages may use."""

    device: str
    limit: int
    """Metal's working set, the card's memory, or the computer's."""
    free: int
    """Unused bytes of the computer, now."""


def check(project: Project) -> list[Finding]:
    evaluation = judge(memory_of("the computer"), {"evaluate": evaluate_bytes(_sizes(project))})
    if project.shape is None:
        unknown = ok("not calculated for the base: its shape is unknown until it is fetched")
        return [unknown, *evaluation]
    base, kind = project.entry[1], project.device.type
    needs = memory(project.shape, base, work_of(project), holes=sys.platform == "linux" and kind == "cpu")
    found = judge(memory_of(kind), needs)
    if kind == "cpu" and (peak := loading(project.shape, base)) > min(needs.values()):
        says = f"up to {gigabytes(peak)} while the base is loaded; the system can reclaim part of it"
        found.append(ok(says))
    return [*found, *evaluation]


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


def _sizes(project: Project) -> Sizes:
    by_split = project.people.examples.values()
    people = [example for one in by_split for split in ("train", "test") for example in one[split]]
    return Sizes(
        characters=sum(len(example.completion) for example in people),
        n_fields=len(project.schema.fields),
        n_cells=len(project.arms) * len(project.asked),
        draws=project.generate.draws,
        null_draws=project.evaluate.null_draws,
        joint_cells=project.evaluate.max_joint_cells,
    )


def memory_of(device: str) -> Memory:
    """Memory of a kind of device, or of "the computer"."""
    computer = psutil.virtual_memory()
    limit = computer.total if device == "the computer" else _limit(device)
    return Memory(device, min(limit, group_limit()), computer.available)


def judge(found: Memory, needs: Mapping[str, int]) -> list[Finding]:
    """One line for all stages if they fit, else one for each that may not."""
    findings = [finding for stage, need in needs.items() if (finding := _tight(stage, need, found))]
    listed = ", ".join(f"{stage} {gigabytes(need)}" for stage, need in needs.items())
    return findings or [ok(f"needed (calculated): {listed}; {found.device} has {gigabytes(found.limit)}")]


def _tight(stage: str, need: int, found: Memory) -> Finding | None:
    says, has = f"{stage} needs about {gigabytes(need)} (calculated)", gigabytes(found.limit)
    remedy = REMEDIES[stage].capitalize() + (f", {SMALLER}" if stage == "train" else "")
    if need > found.limit:
        return problem(f"{says}; {found.device} has {has}", remedy)
    if need > 0.85 * found.limit:
        return warning(f"{says}; {found.device} has {has}: this may not fit", remedy)
    if need > found.free and found.device != "cuda":
        close = f"Close other programs, or {REMEDIES[stage]}"
        return warning(f"{says}; {gigabytes(found.free)} are free now", close)
    return None


def _limit(device: str) -> int:
    if metal.is_metal(device) and not hasattr(torch.mps, "recommended_max_memory"):
        return int(psutil.virtual_memory().total * 2 / 3)
    return memory_bytes(torch.device(device))


def group_limit() -> int:
    """Bytes that a container may use; all of the computer's without one."""
    try:
        return int(GROUP_LIMIT.read_text("utf-8"))
    except (OSError, ValueError):  # no such file, or "max"
        return psutil.virtual_memory().total
