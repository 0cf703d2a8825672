"""A checkpoint that transformers cannot build with our attention ends with a sentence."""

from pathlib import Path

import pytest
import torch

from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import Base
from stages.common.llm.loading import load_base
from stages.common.params import parse
from stages.shell.errors import UserError
from tests.llm.architectures import tiny_model
from tests.tiny import tiny_base

CPU = torch.device("cpu")


def base_of(folder: Path) -> Base:
    (folder / "tokenizer.json").touch()
    return parse(Base, tiny_base(folder), "models/bases.yaml: mine")


def test_attention_of_its_own(tmp_path: Path) -> None:
    tiny_model({"model_type": "gptj", "rotary_dim": 4}, None).save_pretrained(tmp_path)
    with pytest.raises(UserError, match=r"mine \(GPTJForCausalLM\): transformers cannot build it here"):
        load_base("mine", base_of(tmp_path), CPU, BRANCHED)


def test_no_known_architecture(tmp_path: Path) -> None:
    tiny_model({"model_type": "qwen3"}, None).save_pretrained(tmp_path)
    config = tmp_path / "config.json"
    config.write_text(config.read_text("utf-8").replace('"qwen3"', '"qwen9"'), "utf-8")
    with pytest.raises(UserError, match=r"mine \(Qwen3ForCausalLM\): .*qwen9"):
        load_base("mine", base_of(tmp_path), CPU, BRANCHED)


def test_a_writer_without_sdpa_loads(tmp_path: Path) -> None:
    tiny_model({"model_type": "gemma2"}, None).save_pretrained(tmp_path)
    assert load_base("mine", base_of(tmp_path), CPU, None).config._attn_implementation == "eager"
