"""Where the work will run, and what its environment says about it."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stages.common.llm import metal
from stages.common.llm.metal import HIGH, LOW
from stages.shell.errors import UserError
from thesis.doctor.findings import Finding, ok, problem, warning

if TYPE_CHECKING:
    from thesis.doctor.study import Study


@dataclass(frozen=True)
class Device:
    """The device as torch names it, and the settings around it."""

    kind: str
    n_threads: int
    n_cores: int
    watermarks: tuple[str, str]
    """The values of HIGH and LOW."""
    fallback: bool
    """PYTORCH_ENABLE_MPS_FALLBACK is on."""
    dropout: float
    checkpointing: bool


def check(study: "Study") -> list[Finding]:
    try:
        kind = study.device.type
    except UserError as error:
        return [problem(str(error), "unset THESIS_DEVICE")]
    return judge(look(kind, study.train.lora.dropout, study.entry[1].gradient_checkpointing))


def look(kind: str, dropout: float, checkpointing: bool) -> Device:
    import torch

    return Device(
        kind=kind,
        n_threads=torch.get_num_threads(),
        n_cores=os.cpu_count() or 1,
        watermarks=(os.environ.get(HIGH, ""), os.environ.get(LOW, "")),
        fallback=os.environ.get("PYTORCH_ENABLE_MPS_FALLBACK") == "1",
        dropout=dropout,
        checkpointing=checkpointing,
    )


def judge(found: Device) -> list[Finding]:
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
        return [problem(f"{HIGH} or {LOW} is no number: {high_text!r}, {low_text!r}", unset)]
    if 0 < high <= low:
        return [problem(f"{LOW} ({low}) must be below {HIGH} ({high})", unset)]
    if high == 0 or high > 1:
        return [warning(f"{HIGH} is {high}: the Mac may swap instead of failing", unset)]
    return [ok(f"torch stops at {high:.0%} of Metal's working set")]
