"""A device whose attention leaks is caught in both dtypes; an honest one passes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

from stages.common.llm.bases import Base
from tests.leaking import call_it_metal, leak, leaking, leaking_whatever_the_mask
from tests.thesis.doctor.test_agreement import CPU, LORA
from tests.tiny import tiny_base
from thesis.doctor.agreement import Agreement, judge, look
from thesis.doctor.causality import KEPT, KEPT_OF_BRANCH
from thesis.doctor.outcomes import N_BRANCH, N_TRUNK, probe_pack

DTYPES = pytest.mark.parametrize("dtype", ["float32", "bfloat16"])


def looked_at(tiny_llama: Any, dtype: str, change: Callable[[Any], None]) -> Agreement:
    """Compare the CPU with a device that is the CPU after `change`."""
    base = Base.model_validate(tiny_base(tiny_llama) | {"dtype": dtype})
    return replace(look(base, LORA, CPU, change), device="mps")


@DTYPES
def test_a_leak_through_is_causal_is_caught(tiny_llama, dtype, monkeypatch):
    found = looked_at(tiny_llama, dtype, lambda _: leak(monkeypatch))
    assert found.leak > 0.01
    leaks, *_ = judge(found)
    assert (leaks.word, f"mps lets tokens see later ones in {dtype}" in leaks.found) == ("problem", True)
    assert "THESIS_DEVICE=cpu" in leaks.remedy


@DTYPES
def test_a_leak_through_a_given_mask_is_caught(tiny_llama, dtype, monkeypatch):
    def change(_: Any) -> None:
        call_it_metal(monkeypatch)
        leak(monkeypatch, leaking_whatever_the_mask)

    assert judge(looked_at(tiny_llama, dtype, change))[0].word == "problem"


@DTYPES
def test_a_metal_that_leaks_through_is_causal_alone_passes_as_we_give_a_mask(tiny_llama, dtype, monkeypatch):
    def change(_: Any) -> None:
        call_it_metal(monkeypatch)
        leak(monkeypatch)

    found = looked_at(tiny_llama, dtype, change)
    assert found.leak == 0
    assert [finding.word for finding in judge(found)] == ["ok"]


@DTYPES
def test_kernels_that_only_long_shapes_meet_are_met(tiny_llama, dtype, monkeypatch):
    """Trunk of 64 and more, branches of 32 and more; in packs, in prompts and with a cache."""
    met = set()

    def attend(query: Any, key: Any, *rest: Any, **options: Any) -> Any:
        met.add((query.shape[2], key.shape[2]))
        return leaking(query, key, *rest, **options)

    looked_at(tiny_llama, dtype, lambda _: leak(monkeypatch, attend))
    layout = probe_pack(600).layout
    longest = layout.index.shape[1]
    assert (layout.n_trunk, longest) == (N_TRUNK, N_BRANCH)
    assert min(N_TRUNK, KEPT) >= 64
    assert min(N_BRANCH, KEPT_OF_BRANCH) >= 32
    assert met >= {
        (N_TRUNK, N_TRUNK),
        (N_BRANCH, N_TRUNK + N_BRANCH),
        (N_BRANCH - 1, N_TRUNK + N_BRANCH - 1),
    }
    assert {keys for _, keys in met if keys > N_TRUNK} == {N_TRUNK + N_BRANCH - 1, N_TRUNK + N_BRANCH}


@DTYPES
def test_a_branch_that_sees_the_other_is_caught(tiny_llama, dtype, monkeypatch):
    def mix(model: Any) -> None:
        inner = model.get_decoder().layers[0].self_attn.o_proj
        inner.register_forward_hook(lambda _, __, out: out + out.mean(dim=1, keepdim=True))

    assert looked_at(tiny_llama, dtype, mix).leak > 0.005


def test_wrong_numbers_in_drawing_alone_are_reported(tiny_llama):
    def change(model: Any) -> None:
        head = model.get_output_embeddings()
        head.register_forward_hook(lambda _, __, out: out * 1.5 if out.dim() == 3 else out)

    found = looked_at(tiny_llama, "float32", change)
    assert found.leak == found.differences["logits"] == found.differences["LoRA's gradient"] == 0
    (only,) = judge(found)
    assert (only.word, "logits for drawing 50.0%" in only.found) == ("problem", True)


def test_a_dtype_that_the_base_is_not_in_is_a_warning(tiny_llama, monkeypatch):
    found = looked_at(tiny_llama, "bfloat16", lambda _: leak(monkeypatch))
    findings = judge(found, used=False)
    assert {finding.word for finding in findings} == {"warning"}
    assert "Nothing to do for this base" in findings[0].remedy


def test_both_dtypes_are_looked_at_on_a_gpu_and_the_bases_own_on_a_cpu(tiny_llama, monkeypatch):
    from thesis.doctor import agreement

    looked = []

    def nan(base: Base, lora: Any, device: torch.device, name: str = "") -> Agreement:
        looked.append(base.dtype)
        return Agreement(device.type, base.dtype, finite=False, differences={}, leak=0)

    monkeypatch.setattr(agreement, "look", nan)
    findings = [one for device in ("mps", "cpu") for one in agreement.check(study(tiny_llama, device))]
    assert looked == ["float32", "bfloat16", "float32"]
    assert [finding.word for finding in findings] == ["problem", "warning", "problem"]


def study(tiny_llama: Any, device: str) -> Any:
    import json
    from types import SimpleNamespace

    from thesis.doctor.shapes import from_config

    return SimpleNamespace(
        entry=("tiny", Base.model_validate(tiny_base(tiny_llama))),
        shape=from_config(json.loads((tiny_llama / "config.json").read_text("utf-8"))),
        why_unmeasured="",
        folder=tiny_llama,
        device=torch.device(device),
        train=SimpleNamespace(lora=LORA),
    )
