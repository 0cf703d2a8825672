"""Whether the device computes what the CPU computes, and lets no token see a later one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stages.common.llm.metal import REMEDY
from thesis.doctor.findings import Finding, ok, problem, warning
from thesis.doctor.shallow import shallow_base

if TYPE_CHECKING:
    from thesis.doctor.study import Study

TOLERANCES = {"float32": 1e-3, "bfloat16": 8e-2}
"""Of the norm of a difference, relative to the norm. bfloat16 keeps 8 bits (0.4 %) at every step: in
SmolLM2 it lies 1.9 % (logits) and 3.8 % (gradient) from float32, two devices up to 1.4 times that apart."""
LEAK = 1e-3
"""Of the logits of one token, when later tokens change; 0, unless a device rounds anew each time."""
SMALL_BYTES = 1_000_000_000
"""Weights of less are themselves held against the CPU's."""
UNUSED = "Nothing for this base; do not take one in {}, and look for an update of macOS and torch"


@dataclass(frozen=True)
class Agreement:
    """Two devices beside one another."""

    device: str
    dtype: str
    finite: bool
    logits: float
    """Of packs, as in training and scoring: norm of the difference over the norm of the CPU's; 0 is equal."""
    written: float
    """The same of the logits from which completions are drawn."""
    gradient: float
    """The same of the gradient of LoRA's weights."""
    leak: float
    """How far the logits of a token move, relative to their norm, when later tokens change."""
    used: bool = True
    """The base is in this dtype."""


def judge(found: Agreement) -> list[Finding]:
    wrong = [*_wrong(found)]
    if not wrong:
        return [ok(_right(found))]
    if found.used:
        return [problem(says, REMEDY) for says in wrong]
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
    far = [f"{name} {value:.1%}" for name, value in _differences(found).items() if not value <= limit]
    if far:
        wrong.append(
            f"{found.device} differs from the CPU in {found.dtype} by more than {limit:.1%}: {', '.join(far)}"
        )
    return wrong


def _right(found: Agreement) -> str:
    if found.device == "cpu":
        return f"logits and a LoRA gradient are finite in {found.dtype}, and no token sees a later one"
    listed = ", ".join(f"{name} {value:.2g}" for name, value in _differences(found).items())
    says = f"{found.device} agrees with the CPU in {found.dtype} (relative differences: {listed})"
    return f"{says}, and no token sees a later one"


def _differences(found: Agreement) -> dict[str, float]:
    return {
        "logits": found.logits,
        "logits for drawing": found.written,
        "LoRA's gradient": found.gradient,
    }


def check(study: "Study") -> list[Finding]:
    """Of the base itself if it is small and fetched, else of a few blocks of its shape.

    On a GPU in both dtypes: torch has other kernels for each.
    """
    (name, entry), shape = study.entry, study.shape
    if study.why_unmeasured or shape is None:
        return [ok(f"not compared: {study.why_unmeasured}")]
    from thesis.doctor.probing import look

    own = study.folder is not None and shape.weight_bytes(entry) < SMALL_BYTES
    on_gpu = study.device.type != "cpu"
    findings = []
    for dtype in sorted(TOLERANCES, key=lambda dtype: dtype != entry.dtype) if on_gpu else [entry.dtype]:
        probed = entry.model_copy(update={"dtype": dtype})
        used = dtype == entry.dtype
        if own and on_gpu:
            findings += judge(look(probed, study.train.lora, study.device, name=name, used=used))
        else:
            with shallow_base(shape, probed) as small:
                findings += judge(look(small, study.train.lora, study.device, used=used))
    return findings
