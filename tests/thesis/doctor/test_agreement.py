"""Two models beside one another: equal, perturbed, and broken."""

import json
from dataclasses import replace

import pytest
import torch

from stages.common.llm.bases import Base
from stages.train.params import LoraParams
from tests.tiny import tiny_base
from thesis.doctor.agreement import Agreement, judge, look
from thesis.doctor.random_weights import shallow_base, shallow_shape
from thesis.doctor.shapes import PUBLISHED, from_config

LORA = LoraParams(rank=4, alpha=8, dropout=0.1, targets="all-linear")
CPU = torch.device("cpu")
CLOSE = {"logits": 1e-6, "logits for drawing": 1e-6, "LoRA's gradient": 1e-6}
METAL = Agreement("mps", "float32", True, CLOSE, 0)


def probe(tiny_llama, change=lambda model: None, **changes):
    base = Base.model_validate(tiny_base(tiny_llama) | changes)
    return look(base, LORA, CPU, change)


def scaled(part, factor):
    def change(model):
        with torch.no_grad():
            for name, weight in model.named_parameters():
                if part in name:
                    weight.mul_(factor)

    return change


@pytest.mark.parametrize("changes", [{}, {"gradient_checkpointing": True}, {"dtype": "bfloat16"}])
def test_a_device_agrees_with_itself(tiny_llama, changes):
    found = probe(tiny_llama, **changes)
    assert (found.finite, found.leak) == (True, 0.0)
    assert found.differences == dict.fromkeys(CLOSE, 0.0)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_perturbed_model_is_reported(tiny_llama, dtype):
    found = probe(tiny_llama, scaled("down_proj", 3.0), dtype=dtype)
    (only,) = judge(replace(found, device="mps"))
    assert only.word == "problem"
    assert "logits" in only.found
    assert "THESIS_DEVICE=cpu" in only.remedy


def test_a_wrong_gradient_alone_is_reported(tiny_llama):
    def halve(model):
        for name, weight in model.named_parameters():
            if "lora_B" in name:
                weight.register_hook(lambda gradient: gradient / 2)

    found = probe(tiny_llama, halve)
    assert found.differences["logits"] == 0
    (only,) = judge(replace(found, device="mps"))
    assert (only.word, "gradient" in only.found, "logits" in only.found) == ("problem", True, False)


def test_nan_is_reported_on_any_device(tiny_llama):
    found = probe(tiny_llama, scaled("q_proj", float("nan")))
    (only,) = judge(found)
    assert (only.word, "NaN" in only.found) == ("problem", True)


def test_each_dtype_has_a_tolerance():
    assert judge(METAL)[0].word == "ok"
    far = replace(METAL, differences=CLOSE | {"logits": 0.01})
    assert judge(far)[0].word == "problem"
    assert judge(replace(far, dtype="bfloat16"))[0].word == "ok"
    assert judge(replace(METAL, differences=CLOSE | {"LoRA's gradient": float("inf")}))[0].word == "problem"


def test_a_shallow_model_has_the_kernels_of_the_base(tiny_llama):
    shape = from_config(json.loads((tiny_llama / "config.json").read_text("utf-8")))
    with shallow_base(shape, Base.model_validate(tiny_base(tiny_llama))) as small:
        found = look(small, LORA, CPU)
    assert found.finite
    seven = shallow_shape(PUBLISHED["meta-llama/Llama-2-7b-hf"])
    assert (seven.layers, seven.hidden) == (1, 4096)
