"""The device, and whether its memory and the disks have room for what the stages need."""

import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

from stages.common.llm import metal
from stages.common.llm.bases import cache_of
from stages.common.llm.devices import memory_bytes
from stages.common.llm.metal import HIGH, LOW
from stages.shell.errors import UserError
from stages.shell.runs import WORK
from thesis.doctor.counting import lengths_of
from thesis.doctor.findings import Finding, ok, problem, warning
from thesis.doctor.needs import Sizes, Work, disk, evaluate_bytes, fetched, loading, memory
from thesis.doctor.project import Project

GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
REMEDIES = {
    "train": "halve train.common.records_per_pack, or gradient_checkpointing: true in models/bases.yaml",
    "score": "halve score.records_per_pack",
    "generate": "halve generate.batch_size",
    "evaluate": "take fewer people (prepare.sample.n) or fewer evaluate.null_draws",
}
SMALLER = "or take a smaller or a quantized base of models/bases.yaml"
DVC_CACHE = Path(".dvc/cache")
SPARE_BYTES = 2_000_000_000
"""Room beyond the need; a system with less becomes slow."""


@dataclass(frozen=True)
class Device:
    """The device as torch names it, and the settings that matter for it."""

    kind: str
    n_threads: int
    n_cores: int
    watermarks: tuple[str, str]
    """The values of HIGH and LOW."""
    fallback: bool
    """PYTORCH_ENABLE_MPS_FALLBACK is on."""
    dropout: float
    checkpointing: bool


def check_device(project: Project) -> list[Finding]:
    try:
        kind = project.device.type
    except UserError as error:
        return [problem(str(error), "unset THESIS_DEVICE")]
    return judge_device(
        look_at_device(kind, project.train.lora.dropout, project.entry[1].gradient_checkpointing)
    )


def look_at_device(kind: str, dropout: float, checkpointing: bool) -> Device:

    return Device(
        kind=kind,
        n_threads=torch.get_num_threads(),
        n_cores=os.cpu_count() or 1,
        watermarks=(os.environ.get(HIGH, ""), os.environ.get(LOW, "")),
        fallback=os.environ.get("PYTORCH_ENABLE_MPS_FALLBACK") == "1",
        dropout=dropout,
        checkpointing=checkpointing,
    )


def judge_device(found: Device) -> list[Finding]:
    if metal.is_metal(found.kind):
        return [ok("mps (Apple's GPU)"), *_metal(found)]
    if found.kind == "cpu" and found.n_threads < found.n_cores // 2:
        return [
            warning(
                f"cpu with {found.n_threads} of {found.n_cores} cores in use",
                "unset OMP_NUM_THREADS (or set it to the number of cores)",
            )
        ]
    threads = f", {found.n_threads} of {found.n_cores} cores" if found.kind == "cpu" else ""
    return [ok(found.kind + threads)]


def _metal(found: Device) -> list[Finding]:
    findings = [*_watermarks(*found.watermarks)]
    if wrong := metal.wrong_gradients(found.kind, found.dropout, found.checkpointing):
        findings.append(problem(wrong, "train.common.lora.dropout: 0.0 in params.yaml"))
    if found.fallback:
        findings.append(
            warning(
                "PYTORCH_ENABLE_MPS_FALLBACK=1 hides slow operations", "unset PYTORCH_ENABLE_MPS_FALLBACK"
            )
        )
    return findings


def _watermarks(high_text: str, low_text: str) -> list[Finding]:
    """Torch's limits of memory, as shares of Metal's working set; 0 is no limit."""
    unset = f"unset {HIGH} {LOW} (the stages then set {metal.LIMITS[HIGH]} and {metal.LIMITS[LOW]})"
    try:
        high, low = float(high_text), float(low_text)
    except ValueError:
        return [problem(f"{HIGH} or {LOW} is not a number: {high_text!r}, {low_text!r}", unset)]
    if 0 < high <= low:
        return [problem(f"{LOW} ({low}) must be below {HIGH} ({high})", unset)]
    if high == 0 or high > 1:
        return [warning(f"{HIGH} is {high}: the Mac may swap instead of failing", unset)]
    return [ok(f"torch stops at {high:.0%} of Metal's working set")]


@dataclass(frozen=True)
class Memory:
    """Bytes that the stages may use."""

    device: str
    limit: int
    """Metal's working set, the card's memory, or the computer's."""
    free: int
    """Unused bytes of the computer, now."""


def check_memory(project: Project) -> list[Finding]:
    evaluation = judge_memory(look_at_computer(), {"evaluate": evaluate_bytes(_sizes(project))})
    if project.shape is None:
        unknown = ok("of models: not calculated; the base's shape is not known before it is fetched")
        return [unknown, *evaluation]
    base, kind = project.entry[1], project.device.type
    needs = memory(project.shape, base, _work(project), holes=sys.platform == "linux" and kind == "cpu")
    found = judge_memory(look_at_memory(kind), needs)
    if kind == "cpu" and (peak := loading(project.shape, base)) > min(needs.values()):
        found.append(
            ok(f"while it is loaded, up to {_gb(peak)}, of which the system takes back what it needs")
        )
    return [*found, *evaluation]


def _work(project: Project) -> Work:
    """Amounts of work that are computed at one time."""
    lengths = lengths_of(project)
    return Work(
        trained_tokens=lengths.pack(project.train.records_per_pack),
        scored_tokens=lengths.pack(project.score.records_per_pack),
        drawn_rows=project.generate.batch_size,
        drawn_tokens=max(lengths.asked) + project.generate.max_new_tokens,
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


def look_at_memory(device: str) -> Memory:
    return Memory(device, min(_limit(device), _group_limit()), psutil.virtual_memory().available)


def look_at_computer() -> Memory:
    computer = psutil.virtual_memory()
    return Memory("the computer", min(computer.total, _group_limit()), computer.available)


def judge_memory(found: Memory, needs: Mapping[str, int]) -> list[Finding]:
    """One line for all stages if they fit, else one for each that may not."""
    findings = [finding for stage, need in needs.items() if (finding := _tight(stage, need, found))]
    listed = ", ".join(f"{stage} {_gb(need)}" for stage, need in needs.items())
    return findings or [ok(f"needed (calculated): {listed}; {found.device} has {_gb(found.limit)}")]


def _tight(stage: str, need: int, found: Memory) -> Finding | None:
    says = f"{stage} needs about {_gb(need)} (calculated)"
    remedy = REMEDIES[stage].capitalize() + (f", {SMALLER}" if stage == "train" else "")
    if need > found.limit:
        return problem(f"{says}; {found.device} has {_gb(found.limit)}", remedy)
    if need > 0.85 * found.limit:
        return warning(f"{says}; {found.device} has {_gb(found.limit)}: this may not fit", remedy)
    if need > found.free and found.device != "cuda":
        return warning(
            f"{says}; {_gb(found.free)} are free now", f"Close other programs, or {REMEDIES[stage]}"
        )
    return None


def _limit(device: str) -> int:
    if metal.is_metal(device) and not hasattr(torch.mps, "recommended_max_memory"):
        return int(psutil.virtual_memory().total * 2 / 3)
    return memory_bytes(torch.device(device))


def _group_limit() -> int:
    """Bytes that a container may use; all of the computer's without one."""
    try:
        return int(GROUP_LIMIT.read_text("utf-8"))
    except (OSError, ValueError):  # no such file, or "max"
        return psutil.virtual_memory().total


def _gb(n_bytes: float) -> str:
    return f"{n_bytes / 1e9:.1f} GB"


@dataclass(frozen=True)
class Place:
    """A disk, and what will be written to it."""

    device: int
    """Number of the file system: places on one disk share its room."""
    holds: str
    free: int
    need: int


def check_disk(project: Project) -> list[Finding]:
    """Room on each disk. Artifacts count where DVC's cache is, mostly on the project's own disk."""
    entry, shape = project.entry[1], project.shape
    to_fetch = fetched(shape, entry) if shape and project.folder is None else 0
    written = disk(project.n_lora) if shape else 0
    return judge_disk(
        [
            look_at_disk("project", WORK, 0),
            look_at_disk("artifacts", DVC_CACHE, written),
            look_at_disk("base's cache", cache_of(entry), to_fetch),
        ]
    )


def look_at_disk(holds: str, path: Path, need: int) -> Place:
    """The disk that `path` lies on or will lie on.

    Args:
        need: bytes still to be written there.
    """
    there = next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.exists())
    return Place(there.stat().st_dev, holds, shutil.disk_usage(there).free, need)


def judge_disk(places: Sequence[Place]) -> list[Finding]:
    """One line for each disk, with what its places need together."""
    by_device = defaultdict(list)
    for place in places:
        by_device[place.device].append(place)
    return [_disk(shared) for shared in by_device.values()]


def _disk(places: Sequence[Place]) -> Finding:
    need, free = sum(place.need for place in places), min(place.free for place in places)
    holds = ", ".join(dict.fromkeys(place.holds for place in places))
    says = f"{holds}: {_gb(need)} still to be written, {_gb(free)} are free"
    remedy = "Make room (dvc gc -w removes old artifacts; THESIS_CACHE and HF_HOME move the base's cache)"
    if need > free:
        return problem(says, remedy)
    return warning(says, remedy) if free < need + SPARE_BYTES else ok(says)
