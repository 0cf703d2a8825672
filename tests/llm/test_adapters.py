"""Adapters on disk and in memory: the same logits, and the bare base when none is on."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from stages.common.llm.bases import Base
from stages.common.llm.loading import add_adapters, load_base, using
from stages.shell.errors import UserError
from stages.train.adapter import published_as, save_adapter
from stages.train.lora import with_lora
from stages.train.params import LoraParams

IDS = torch.tensor([[5, 6, 7, 8, 9]])
CPU = torch.device("cpu")


@torch.no_grad()
def logits(model: Any) -> Tensor:
    return model(input_ids=IDS).logits


def trained(base: Base, seed: int) -> Any:
    """A model with an adapter whose B is not 0."""
    lora = LoraParams(rank=4, alpha=8, dropout=0.0, targets="all-linear")
    model = with_lora(load_base("tiny", base, CPU, "sdpa"), lora, seed, checkpointing=False).eval()
    for name, weights in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weights, std=0.1)
    return model


@pytest.fixture(scope="module")
def known(base: Base, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Path], dict[str, Tensor]]:
    """Two adapter folders, and the logits that each had in memory."""
    home = tmp_path_factory.mktemp("adapters")
    folders, expected = {}, {}
    for seed, name in enumerate(("original", "augmented")):
        model = trained(base, seed)
        folders[name], expected[name] = home / name, logits(model)
        save_adapter(model, published_as("tiny", base), {"condition": name}, folders[name])
    return folders, expected


def test_saved_and_loaded_again(base: Base, llama: Any, known: Any) -> None:
    folders, expected = known
    model = add_adapters(load_base("tiny", base, CPU, "sdpa"), folders)
    bare = logits(llama)
    assert torch.equal(logits(model), bare)
    for adapter in ("original", "augmented", None, "original"):
        with using(model, adapter):
            torch.testing.assert_close(logits(model), expected[adapter] if adapter else bare)
        assert torch.equal(logits(model), bare)
    assert not torch.equal(expected["original"], expected["augmented"])


def test_off_again_after_an_error(base: Base, llama: Any, known: Any) -> None:
    model = add_adapters(load_base("tiny", base, CPU, "sdpa"), known[0])
    with pytest.raises(RuntimeError), using(model, "augmented"):
        raise RuntimeError
    assert torch.equal(logits(model), logits(llama))


def test_lora_weights_are_float32_on_a_bfloat16_base(base: Base) -> None:
    model = trained(base.model_copy(update={"dtype": "bfloat16"}), seed=0)
    trainable = [p for p in model.parameters() if p.requires_grad]
    assert {p.dtype for p in trainable} == {torch.float32}
    assert model.get_base_model().model.embed_tokens.weight.dtype == torch.bfloat16


def test_all_linear_layers_but_the_head(base: Base) -> None:
    trained_names = {n for n, p in trained(base, seed=0).named_parameters() if p.requires_grad}
    assert len(trained_names) == 2 * 7 * 2
    assert all("lora_" in name and "lm_head" not in name for name in trained_names)


def test_only_the_seed_decides_the_first_weights(base: Base) -> None:
    lora = LoraParams(rank=4, alpha=8, dropout=0.0, targets="all-linear")
    drawn = []
    for seed in (3, 3, 4):
        torch.rand(seed)  # whatever was drawn before
        model = with_lora(load_base("tiny", base, CPU, "sdpa"), lora, seed, checkpointing=False)
        drawn.append(torch.cat([p.flatten() for n, p in model.named_parameters() if "lora_A" in n]))
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])


def test_a_half_written_adapter_is_refused(base: Base, known: Any, tmp_path: Path) -> None:
    (tmp_path / "original").mkdir()
    with pytest.raises(UserError, match=r"no complete adapter.*\nTrain it: dvc repro"):
        add_adapters(load_base("tiny", base, CPU, "sdpa"), {"original": tmp_path / "original"})
