"""Whether the device computes what the CPU computes: logits, and LoRA's gradient."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from thesis.doctor.findings import Finding, ok, problem
from thesis.doctor.shallow import shallow_base

if TYPE_CHECKING:
    from thesis.doctor.study import Study

TOLERANCES = {"float32": 1e-3, "bfloat16": 5e-2}
"""Of the norm of a difference, relative to the norm; bfloat16 keeps 8 bits (0.4 %) at every step."""
SMALL_BYTES = 1_000_000_000
"""Weights of less are themselves held against the CPU's."""
REMEDY = "Run on the CPU: THESIS_DEVICE=cpu make repro; and look for an update of macOS and torch"


@dataclass(frozen=True)
class Agreement:
    """Two devices beside one another."""

    device: str
    dtype: str
    finite: bool
    logits: float
    """Norm of the difference over the norm of the CPU's; 0 is equal."""
    gradient: float


def judge(found: Agreement) -> list[Finding]:
    if not found.finite:
        return [problem(f"{found.device} writes NaN or infinity in {found.dtype}", REMEDY)]
    if found.device == "cpu":
        return [ok(f"logits and a LoRA gradient are finite in {found.dtype}")]
    limit = TOLERANCES[found.dtype]
    both = (("logits", found.logits), ("LoRA's gradient", found.gradient))
    wrong = [f"{name} {value:.1%}" for name, value in both if not value <= limit]
    if wrong:
        says = f"{found.device} differs from the CPU by more than {limit:.1%}: {', '.join(wrong)}"
        return [problem(says, REMEDY)]
    listed = ", ".join(f"{name} {value:.2g}" for name, value in both)
    return [ok(f"{found.device} agrees with the CPU in {found.dtype} (relative differences: {listed})")]


def check(study: "Study") -> list[Finding]:
    """Of the base itself if it is small and fetched, else of a few blocks of its shape."""
    (name, entry), shape = study.entry, study.shape
    if study.why_unmeasured or shape is None:
        return [ok(f"not compared: {study.why_unmeasured}")]
    from thesis.doctor.probing import look

    own = study.folder is not None and shape.weight_bytes(entry) < SMALL_BYTES
    if own and study.device.type != "cpu":
        return judge(look(entry, study.train.lora, study.device, name=name))
    with shallow_base(shape, entry) as small:
        return judge(look(small, study.train.lora, study.device))
