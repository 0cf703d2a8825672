"""Memory of the device against what the stages need."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from thesis.doctor.evaluating import Sizes, evaluate_bytes
from thesis.doctor.findings import Finding, ok, problem, warning
from thesis.doctor.needs import loading, memory

if TYPE_CHECKING:
    from thesis.doctor.study import Study


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
    """Bytes that the work may use."""

    device: str
    limit: int
    """Metal's working set, the card's memory, or the computer's."""
    free: int
    """Of the computer, now."""


def check(study: "Study") -> list[Finding]:
    evaluation = judge(look_at_computer(), {"evaluate": evaluate_bytes(Sizes.of(study, study.evaluate))})
    if study.shape is None:
        unknown = ok("of models: not calculated; the base's shape is not known before it is fetched")
        return [unknown, *evaluation]
    base = study.entry[1]
    on_linux = sys.platform == "linux" and study.device.type == "cpu"
    needs = memory(study.shape, base, study.work, holes=on_linux)
    found = judge(look(study.device.type), needs)
    if study.device.type == "cpu" and (peak := loading(study.shape, base)) > min(needs.values()):
        found.append(
            ok(f"while it is loaded, up to {_gb(peak)}, of which the system takes back what it needs")
        )
    return [*found, *evaluation]


def look(device: str) -> Memory:
    computer = psutil.virtual_memory()
    return Memory(device, min(_limit(device), _group_limit()), computer.available)


def look_at_computer() -> Memory:
    computer = psutil.virtual_memory()
    return Memory("the computer", min(computer.total, _group_limit()), computer.available)


def judge(found: Memory, needs: Mapping[str, int]) -> list[Finding]:
    """One line for all stages if they fit, else one for each that may not."""
    findings = [finding for stage, need in needs.items() if (finding := _tight(stage, need, found))]
    listed = ", ".join(f"{stage} {_gb(need)}" for stage, need in needs.items())
    return findings or [ok(f"needed (calculated): {listed}; {found.device} has {_gb(found.limit)}")]


def _tight(stage: str, need: int, found: Memory) -> Finding | None:
    says = f"{stage} needs about {_gb(need)} (calculated)"
    remedy = (
        f"{REMEDIES[stage].capitalize()}, {SMALLER}" if stage == "train" else REMEDIES[stage].capitalize()
    )
    if need > found.limit:
        return problem(f"{says}; {found.device} has {_gb(found.limit)}", remedy)
    if need > 0.85 * found.limit:
        return warning(f"{says}; {found.device} has {_gb(found.limit)}: this may not fit", remedy)
    if need > found.free and found.device != "cuda":
        return warning(
            f"{says}; {_gb(found.free)} are free now", f"Close other programs; or {REMEDIES[stage]}"
        )
    return None


def _limit(device: str) -> int:
    import torch

    from stages.common.llm.devices import memory_bytes
    from stages.common.llm.metal import is_metal

    if is_metal(device) and not hasattr(torch.mps, "recommended_max_memory"):
        return int(psutil.virtual_memory().total * 2 / 3)
    return memory_bytes(torch.device(device))


def _group_limit() -> int:
    """What a container may use; without one, everything."""
    try:
        return int(GROUP_LIMIT.read_text("utf-8"))
    except (OSError, ValueError):  # no such file, or "max"
        return psutil.virtual_memory().total


def _gb(n_bytes: float) -> str:
    return f"{n_bytes / 1e9:.1f} GB"
