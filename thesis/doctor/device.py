"""The device that the stages compute on, and the settings that make it slow or wrong."""

import os
from collections.abc import Mapping

import torch

from stages.common.llm import metal
from stages.common.llm.metal import HIGH, LOW
from stages.shell.errors import UserError
from thesis.doctor.findings import Finding, ok, problem, warning
from thesis.doctor.project import Project

FALLBACK = "PYTORCH_ENABLE_MPS_FALLBACK"


def check(project: Project) -> list[Finding]:
    try:
        kind = project.device.type
    except UserError as error:
        return [problem(str(error), "unset THESIS_DEVICE")]
    if metal.is_metal(kind):
        dropout, checkpointing = project.train.lora.dropout, project.entry[1].gradient_checkpointing
        return [ok("mps (Apple's GPU)"), *judge_metal(os.environ, dropout, checkpointing)]
    return [judge_cores(torch.get_num_threads(), os.cpu_count() or 1) if kind == "cpu" else ok(kind)]


def judge_cores(n_threads: int, n_cores: int) -> Finding:
    if n_threads < n_cores // 2:
        remedy = "unset OMP_NUM_THREADS (or set it to the number of cores)"
        return warning(f"cpu with {n_threads} of {n_cores} cores in use", remedy)
    return ok(f"cpu, {n_threads} of {n_cores} cores")


def judge_metal(environ: Mapping[str, str], dropout: float, checkpointing: bool) -> list[Finding]:
    findings = [_watermarks(environ.get(HIGH, ""), environ.get(LOW, ""))]
    if wrong := metal.wrong_gradients("mps", dropout, checkpointing):
        findings.append(problem(wrong, "train.common.lora.dropout: 0.0 in params.yaml"))
    if environ.get(FALLBACK) == "1":
        findings.append(warning(f"{FALLBACK}=1 hides slow operations", f"unset {FALLBACK}"))
    return findings


def _watermarks(high_text: str, low_text: str) -> Finding:
    """Torch's limits of memory, as shares of Metal's working set; 0 is no limit."""
    unset = f"unset {HIGH} {LOW} (the stages then set {metal.LIMITS[HIGH]} and {metal.LIMITS[LOW]})"
    try:
        high, low = float(high_text), float(low_text)
    except ValueError:
        return problem(f"{HIGH} or {LOW} is not a number: {high_text!r}, {low_text!r}", unset)
    if 0 < high <= low:
        return problem(f"{LOW} ({low}) must be below {HIGH} ({high})", unset)
    if high == 0 or high > 1:
        return warning(f"{HIGH} is {high}: the Mac may swap instead of failing", unset)
    return ok(f"torch stops at {high:.0%} of Metal's working set")
