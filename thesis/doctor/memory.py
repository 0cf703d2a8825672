"""Memory of the device and the computer, against what the stages need."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

from stages.common.llm import metal
from stages.common.llm.devices import memory_bytes
from thesis.doctor.findings import Finding, gigabytes, ok, problem, warning
from thesis.doctor.fitting import ROOMY, knobs_of, macs, remedy
from thesis.doctor.needs import Sizes, evaluate_bytes, loading
from thesis.doctor.project import Project

GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
REMEDIES = {
    "train": "halve train.common.records_per_pack, or gradient_checkpointing: true in models/bases.yaml",
    "score": "halve score.records_per_pack",
    "generate": "halve generate.batch_size",
    "evaluate": "take fewer people (prepare.sample.n) or fewer evaluate.null_draws",
}
NOTHING: Mapping[str, str] = {}
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
    knobs, has = knobs_of(project, holes=sys.platform == "linux" and kind == "cpu"), memory_of(kind)
    needs = {stage: knob.need(knob.now) for stage, knob in knobs.items()}
    instead = {stage: remedy(stage, knob, int(ROOMY * has.limit)) for stage, knob in knobs.items()}
    found = judge(has, needs, instead)
    if kind == "cpu" and (peak := loading(project.shape, base)) > min(needs.values()):
        says = f"up to {gigabytes(peak)} while the base is loaded; the system can reclaim part of it"
        found.append(ok(says))
    return [*found, *macs(knobs_of(project, holes=False)), *evaluation]


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


def judge(found: Memory, needs: Mapping[str, int], instead: Mapping[str, str] = NOTHING) -> list[Finding]:
    """One line for all stages if they fit, else one for each that may not.

    Args:
        instead: the parameter of a stage with the largest value that fits.
    """
    findings = [
        finding
        for stage, need in needs.items()
        if (finding := _tight(stage, need, found, instead.get(stage) or REMEDIES[stage]))
    ]
    listed = ", ".join(f"{stage} {gigabytes(need)}" for stage, need in needs.items())
    return findings or [ok(f"needed (calculated): {listed}; {found.device} has {gigabytes(found.limit)}")]


def _tight(stage: str, need: int, found: Memory, less: str) -> Finding | None:
    says, has = f"{stage} needs about {gigabytes(need)} (calculated)", gigabytes(found.limit)
    todo = f"Set in params.yaml: {less}" if less != REMEDIES[stage] else less.capitalize()
    todo += f", {SMALLER}" if stage == "train" else ""
    if need > found.limit:
        return problem(f"{says}; {found.device} has {has}", todo)
    if need > ROOMY * found.limit:
        return warning(f"{says}; {found.device} has {has}: this may not fit", todo)
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
