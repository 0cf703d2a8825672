"""The shape of a base from its config.json."""

from typing import Any

import torch
from transformers import CONFIG_MAPPING, AutoModelForCausalLM

from tests.llm.architectures import SIZES
from thesis.doctor.shapes import from_config


def test_heads_that_are_wider_than_their_share_are_counted() -> None:
    # Qwen3 0.6B in small: 4 heads of 16 over 32
    sizes: dict[str, Any] = SIZES | {"head_dim": 16}
    config = CONFIG_MAPPING["qwen3"](**sizes)
    with torch.device("meta"):
        model: Any = AutoModelForCausalLM.from_config(config)
    shape = from_config(config.to_dict())
    assert (shape.q_size, shape.kv_size) == (64, 32)
    assert shape.n_weights == sum(p.numel() for p in model.parameters() if p.dim() > 1)


def test_the_text_part_of_a_model_that_sees_pictures() -> None:
    inner = {**SIZES, "tie_word_embeddings": False}
    assert from_config({"tie_word_embeddings": True, "text_config": inner}) == from_config(inner)
