"""Whether the device computes what the CPU computes, and lets no token see a later one."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from stages.common.llm.bases import Base
from stages.shell.remedies import ON_THE_CPU
from stages.train.params import LoraParams
from thesis.doctor.findings import Finding, ok, problem, warning
from thesis.doctor.outcomes import model_on, outcome
from thesis.doctor.project import Project
from thesis.doctor.random_weights import shallow_base

TOLERANCES = {"float32": 1e-3, "bfloat16": 8e-2}
"""Largest norm of a difference, relative to the norm. bfloat16 keeps 8 bits (0.4 %) at every step: in
SmolLM2 it lies 1.9 % (logits) and 3.8 % (gradient) from float32, two devices up to 1.4 times that apart."""
LEAK = 1e-3
"""Largest change of a token's logits when later tokens change; 0 unless a device rounds anew each time."""
SMALL_BYTES = 1_000_000_000
"""A base of fewer bytes is itself compared with the CPU."""
UNUSED = "Nothing to do for this base. Avoid bases in {}, and look for an update of macOS and torch"


@dataclass(frozen=True)
class Agreement:
    """How far a device's numbers lie from the CPU's."""

    device: str
    dtype: str
    finite: bool
    differences: dict[str, float]
    """Norm of the difference over the norm of the CPU's numbers, for each kind of numbers."""
    leak: float
    """How far the logits of a token move, relative to their norm, when later tokens change."""


def check(project: Project) -> list[Finding]:
    """Compare the base itself if it is small and fetched, else a few blocks of its shape.

    On a GPU both dtypes are compared, because torch has other kernels for each.
    """
    (name, entry), shape = project.entry, project.shape
    if project.why_unmeasured or shape is None:
        return [ok(f"not compared: {project.why_unmeasured}")]
    on_gpu, lora = project.device.type != "cpu", project.train.lora
    own = on_gpu and project.folder is not None and shape.weight_bytes(entry) < SMALL_BYTES
    findings = []
    for dtype in sorted(TOLERANCES, key=lambda dtype: dtype != entry.dtype) if on_gpu else [entry.dtype]:
        probed = entry.model_copy(update={"dtype": dtype})
        if own:
            found = look(probed, lora, project.device, name=name)
        else:
            with shallow_base(shape, probed) as small:
                found = look(small, lora, project.device)
        findings += judge(found, used=dtype == entry.dtype)
    return findings


def look(
    base: Base,
    lora: LoraParams,
    device: torch.device,
    change: Callable[[Any], None] | None = None,
    name: str = "probe",
) -> Agreement:
    """Compute a pack forwards and backwards and draw tokens, on the CPU and on the device.

    Args:
        base: its weights must fit into memory twice.
        change: changes the device's model beforehand; for tests.
    """
    lora = lora.model_copy(update={"dropout": 0.0})  # what is drawn differs between devices
    model = model_on(torch.device("cpu"), name, base, lora)
    adapter = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
    reference = other = outcome(model)
    del model
    if device.type != "cpu" or change is not None:
        model = model_on(device, name, base, lora)
        model.load_state_dict(adapter, strict=False)  # the same seed gives other weights on another device
        if change is not None:
            change(model)
        other = outcome(model)
    differences = {name: _relative(one, other.numbers[name]) for name, one in reference.numbers.items()}
    return Agreement(device.type, base.dtype, reference.finite and other.finite, differences, other.leak)


def _relative(reference: Tensor, other: Tensor) -> float:
    """|a - b| / |a|; infinite where it is not finite."""
    ratio = ((reference - other).norm() / reference.norm()).item()
    return ratio if math.isfinite(ratio) else math.inf


def judge(found: Agreement, used: bool = True) -> list[Finding]:
    """Problems if the project's base has this dtype, else warnings."""
    wrong = _wrong(found)
    if not wrong:
        return [ok(_right(found))]
    if used:
        return [problem(says, ON_THE_CPU) for says in wrong]
    return [warning(says, UNUSED.format(found.dtype)) for says in wrong]


def _wrong(found: Agreement) -> list[str]:
    if not found.finite:
        return [f"{found.device} writes NaN or infinity in {found.dtype}"]
    wrong = []
    if not found.leak <= LEAK:
        wrong.append(
            f"{found.device} lets tokens see later ones in {found.dtype}: "
            f"what comes later moves the logits before it by {found.leak:.1%}"
        )
    limit = TOLERANCES[found.dtype]
    far = [f"{name} {value:.1%}" for name, value in found.differences.items() if not value <= limit]
    if far:
        wrong.append(
            f"{found.device} differs from the CPU in {found.dtype} by more than {limit:.1%}: {', '.join(far)}"
        )
    return wrong


def _right(found: Agreement) -> str:
    if found.device == "cpu":
        return f"logits and a LoRA gradient are finite in {found.dtype}, and no token sees a later one"
    listed = ", ".join(f"{name} {value:.2g}" for name, value in found.differences.items())
    says = f"{found.device} agrees with the CPU in {found.dtype} (relative differences: {listed})"
    return f"{says}, and no token sees a later one"
