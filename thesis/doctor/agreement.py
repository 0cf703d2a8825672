"""Whether the device computes what the CPU computes, and lets no token see a later one."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import Base
from stages.common.llm.cache import trunk_cache
from stages.common.llm.loading import load_base
from stages.common.llm.loss import token_nll
from stages.common.llm.packing import Pack, pack
from stages.common.llm.template import TokenPair
from stages.shell.remedies import ON_THE_CPU
from stages.train.lora import with_lora
from stages.train.params import LoraParams
from thesis.doctor.causality import as_drawn, leak_of, pack_logits
from thesis.doctor.findings import Finding, ok, problem, warning
from thesis.doctor.project import Project
from thesis.doctor.shapes import shallow_base

TOLERANCES = {"float32": 1e-3, "bfloat16": 8e-2}
"""Largest norm of a difference, relative to the norm. bfloat16 keeps 8 bits (0.4 %) at every step: in
SmolLM2 it lies 1.9 % (logits) and 3.8 % (gradient) from float32, two devices up to 1.4 times that apart."""
LEAK = 1e-3
"""Largest change of a token's logits when later tokens change; 0 unless a device rounds anew each time."""
SMALL_BYTES = 1_000_000_000
"""A base of fewer bytes is itself compared with the CPU."""
UNUSED = "Nothing for this base; do not take one in {}, and look for an update of macOS and torch"
N_RECORDS, N_TRUNK, N_BRANCH = 2, 83, 43
"""Metal has kernels of their own for at most 8 queries; the others take up to 64 at a time. Odd, so that
no block is full."""


@dataclass(frozen=True)
class Agreement:
    """How far a device's numbers lie from the CPU's."""

    device: str
    dtype: str
    finite: bool
    logits: float
    """Logits of packs, as in training and scoring: norm of the difference over the norm of the CPU's."""
    written: float
    """Logits from which completions are drawn, compared likewise."""
    gradient: float
    """Gradient of LoRA's weights, compared likewise."""
    leak: float
    """How far the logits of a token move, relative to their norm, when later tokens change."""
    used: bool = True
    """The base is in this dtype."""


def judge(found: Agreement) -> list[Finding]:
    wrong = [*_wrong(found)]
    if not wrong:
        return [ok(_right(found))]
    if found.used:
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


def check(project: Project) -> list[Finding]:
    """Compare the base itself if it is small and fetched, else a few blocks of its shape.

    On a GPU both dtypes are compared, because torch has other kernels for each.
    """
    (name, entry), shape = project.entry, project.shape
    if project.why_unmeasured or shape is None:
        return [ok(f"not compared: {project.why_unmeasured}")]
    own = project.folder is not None and shape.weight_bytes(entry) < SMALL_BYTES
    on_gpu = project.device.type != "cpu"
    findings = []
    for dtype in sorted(TOLERANCES, key=lambda dtype: dtype != entry.dtype) if on_gpu else [entry.dtype]:
        probed = entry.model_copy(update={"dtype": dtype})
        used = dtype == entry.dtype
        if own and on_gpu:
            findings += judge(look(probed, project.train.lora, project.device, name=name, used=used))
        else:
            with shallow_base(shape, probed) as small:
                findings += judge(look(small, project.train.lora, project.device, used=used))
    return findings


@dataclass(frozen=True)
class Outcome:
    """Results of one model, as float32 on the CPU."""

    logits: Tensor
    """Logits of a pack, shape (S, V)."""
    written: Tensor
    """Logits for drawing from a cache, shape (N_RECORDS, N_BRANCH, V)."""
    gradient: Tensor
    """Gradient of all adapter weights, shape (N,)."""
    leak: float


def compared(device: str, dtype: str, reference: Outcome, other: Outcome, used: bool = True) -> Agreement:
    outcomes = (reference, other)
    tensors = [tensor for one in outcomes for tensor in (one.logits, one.written, one.gradient)]
    return Agreement(
        device=device,
        dtype=dtype,
        finite=all(bool(tensor.isfinite().all()) for tensor in tensors),
        logits=_relative(reference.logits, other.logits),
        written=_relative(reference.written, other.written),
        gradient=_relative(reference.gradient, other.gradient),
        leak=other.leak,
        used=used,
    )


def look(
    base: Base,
    lora: LoraParams,
    device: torch.device,
    change: Callable[[Any], None] | None = None,
    name: str = "probe",
    used: bool = True,
) -> Agreement:
    """Compute a pack forwards and backwards and draw tokens, on the CPU and on the device.

    Args:
        base: its weights must fit into memory twice.
        change: changes the device's model beforehand; for tests.
        used: whether the project's base is in this dtype.
    """
    lora = lora.model_copy(update={"dropout": 0.0})  # what is drawn differs between devices
    model = _model(name, base, lora, torch.device("cpu"))
    adapter = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
    reference = outcome(model)
    del model
    if device.type == "cpu" and change is None:  # nothing to compare with
        return compared(device.type, base.dtype, reference, reference, used)
    other = _model(name, base, lora, device)
    other.load_state_dict(adapter, strict=False)  # the same seed gives other weights on another device
    if change is not None:
        change(other)
    return compared(device.type, base.dtype, reference, outcome(other), used)


def outcome(model: Any) -> Outcome:
    """Compute logits of a pack, the gradient of its mean loss and logits for drawing, as the stages do."""
    packed = probe_pack(model.config.vocab_size)
    leak = leak_of(model, packed)
    logits = pack_logits(model, packed, packed.input_ids)
    with as_drawn(model):
        written = logits_for_drawing(model)
    model.train()
    token_nll(model, packed)[0].mean().backward()
    gradients = [p.grad.flatten().float().cpu() for p in model.parameters() if p.grad is not None]
    return Outcome(logits, written, torch.cat(gradients), leak)


@torch.no_grad()
def logits_for_drawing(model: Any) -> Tensor:
    """Logits in the order of `draw`: a trunk for all rows, the rest of each prompt, then token by token.

    One row is padded.
    """
    ids = _ids(N_TRUNK + N_BRANCH, model.config.vocab_size)
    rows = torch.tensor([[*ids[N_TRUNK:-1], row + 1] for row in range(N_RECORDS)], device=model.device)
    seen = torch.ones(N_RECORDS, N_TRUNK + N_BRANCH, dtype=torch.long, device=model.device)
    seen[0, N_TRUNK] = 0
    cache, found, start = trunk_cache(model, ids[:N_TRUNK], N_RECORDS), [], 0
    for end in (N_BRANCH - 1, N_BRANCH):
        logits = model(
            input_ids=rows[:, start:end], attention_mask=seen[:, : N_TRUNK + end], past_key_values=cache
        ).logits
        found.append(logits.float().cpu())
        start = end
    return torch.cat(found, dim=1)


def probe_pack(vocabulary: int) -> Pack:
    """Two records that share their prompt but for its last token."""
    ids = _ids(N_TRUNK + N_BRANCH, vocabulary)
    return pack([TokenPair([*ids[:N_TRUNK], row], ids[N_TRUNK:]) for row in range(1, N_RECORDS + 1)])


def _ids(n: int, vocabulary: int) -> list[int]:
    return [7 * i % vocabulary for i in range(n)]


def _model(name: str, base: Base, lora: LoraParams, device: torch.device) -> Any:
    return with_lora(load_base(name, base, device, BRANCHED), lora, 0, base.gradient_checkpointing)


def _relative(reference: Tensor, other: Tensor) -> float:
    """|a - b| / |a|; infinite where it is not finite."""
    ratio = ((reference - other).norm() / reference.norm()).item()
    return ratio if math.isfinite(ratio) else math.inf
