"""What an adapter's folder holds: LoRA's matrices alone, and the base's public name; plain peft loads it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from huggingface_hub import constants
from peft import AutoPeftModelForCausalLM, PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from stages.common.files import read_json
from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import Base
from stages.common.llm.loading import load_base
from stages.common.llm.loss import token_nll
from stages.common.llm.packing import pack
from stages.common.llm.template import TokenPair
from stages.common.params import parse
from stages.train.adapter import lora_weights, published_as, save_adapter
from stages.train.lora import with_lora
from stages.train.params import LoraParams
from tests.tiny import tiny_base

IDS = torch.tensor([[5, 6, 7, 8, 9]])
HUB = {"hub": "meta-llama/Llama-2-7b-hf", "revision": "0123456789" * 4}


@pytest.fixture(params=[False, True], ids=["untied", "tied"])
def llama(request: pytest.FixtureRequest, tiny_llama: Path, tmp_path: Path) -> Path:
    """The tiny base; its head is separate from its embedding, or shared."""
    folder = shutil.copytree(tiny_llama, tmp_path / "llama")
    if request.param:
        model = AutoModelForCausalLM.from_pretrained(folder)
        model.config.tie_word_embeddings = True
        model.tie_weights()
        model.save_pretrained(folder)
    return folder


def trained(folder: Path, targets: Any) -> Any:
    """A model after a step that changed every matrix of its adapter."""
    lora = LoraParams(rank=2, alpha=4, dropout=0.0, targets=targets)
    base = parse(Base, tiny_base(folder), "tiny")
    model = with_lora(load_base("tiny", base, torch.device("cpu"), BRANCHED), lora, 1, checkpointing=False)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        token_nll(model, pack([TokenPair([3, 4], [5, 6, 1])]))[0].mean().backward()
        optimizer.step()
    return model.eval()


@torch.no_grad()
def logits(model: Any) -> torch.Tensor:
    model.set_attn_implementation("sdpa")
    found: torch.Tensor = model.eval()(input_ids=IDS).logits
    return found


@pytest.mark.parametrize("targets", [["lm_head"], ["embed_tokens"], ["lm_head", "embed_tokens", "q_proj"]])
def test_a_trained_head_or_embedding_stores_nothing_of_the_base(
    llama: Path, tmp_path: Path, targets: list[str]
) -> None:
    base = parse(Base, tiny_base(llama), "tiny")
    model, folder = trained(llama, targets), tmp_path / "adapter"
    save_adapter(model, published_as("tiny", base), {}, folder)
    stored = load_file(folder / "adapter_model.safetensors")
    n_of_base = 600 * 32  # words times width
    assert stored
    assert all("lora_" in key for key in stored)
    assert all(weights.numel() < n_of_base / 2 for weights in stored.values())
    plain = AutoModelForCausalLM.from_pretrained(llama)
    bare = logits(plain)
    again = logits(PeftModel.from_pretrained(plain, str(folder)))
    torch.testing.assert_close(again, logits(model), rtol=0, atol=1e-6)
    assert (again - bare).abs().max() > 0.01


def test_weights_that_are_not_loras_are_refused(tiny_llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "stages.train.adapter.get_peft_model_state_dict",
        lambda *_, **__: {"a.lora_A.weight": IDS, "lm_head.base_layer.weight": IDS},
    )
    with pytest.raises(ValueError, match=r"not part of the adapter.*: lm_head\.base_layer\.weight"):
        lora_weights(None)


def test_a_base_is_named_as_on_the_hub_or_as_in_bases_yaml() -> None:
    for origin in ({"pypi": "a", "revision": "1", "file": "b"}, {"path": "/home/someone/llama"}):
        base = parse(Base, tiny_base(Path()) | {"origin": origin}, "tiny")
        assert published_as("mine", base) == {"base_model_name_or_path": "mine", "revision": None}
    base = parse(Base, tiny_base(Path()) | {"origin": HUB}, "tiny")
    assert published_as("mine", base) == {"base_model_name_or_path": HUB["hub"], "revision": HUB["revision"]}


def test_plain_peft_finds_a_base_of_the_hub(
    tiny_llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offline, name and commit lead to a cache in the hub's layout."""
    snapshot = tmp_path / "hub" / "models--meta-llama--Llama-2-7b-hf" / "snapshots" / HUB["revision"]
    shutil.copytree(tiny_llama, snapshot)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("transformers.utils.hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    base = parse(Base, tiny_base(Path()) | {"origin": HUB}, "tiny")
    model, folder = trained(tiny_llama, "all-linear"), tmp_path / "adapter"
    save_adapter(model, published_as("llama-2-7b", base), {}, folder)
    assert read_json(folder / "adapter_config.json")["base_model_name_or_path"] == HUB["hub"]
    assert str(tmp_path) not in (folder / "adapter_config.json").read_text("utf-8")
    found = AutoPeftModelForCausalLM.from_pretrained(str(folder), cache_dir=str(tmp_path / "hub"))
    torch.testing.assert_close(logits(found), logits(model), rtol=0, atol=1e-6)
