"""Validation loss and the estimate, on the tiny Llama."""

import random
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from datasets import Dataset
from transformers import TrainingArguments

from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import load_base_entry
from stages.common.llm.loading import load_base, load_tokenizer
from stages.shell.estimate import estimate
from stages.train.lora import with_lora
from stages.train.params import LoraParams, TrainParams
from stages.train.tokens import tokenized
from stages.train.trainer import make_trainer, mean_loss

LORA = LoraParams(rank=4, alpha=8, dropout=0.1, targets="all-linear")


@pytest.fixture
def model(study: Path) -> Any:
    return with_lora(load_base(*load_base_entry(), torch.device("cpu"), BRANCHED), LORA, 1, False)


@pytest.fixture
def splits(study: Path) -> dict[str, Dataset]:
    name, base = load_base_entry()
    tokenizer = load_tokenizer(name, base)
    folder = study / "data/prepared/original"
    return {
        s: tokenized(folder / f"{s}.jsonl", tokenizer, base.template, 4000) for s in ("train", "validation")
    }


@pytest.mark.parametrize("records_per_pack", [1, 2, 5, 8])
@torch.no_grad()
def test_validation_weighs_every_token_alike(
    model: Any, splits: dict[str, Dataset], records_per_pack: int
) -> None:
    plain = load_base(
        *load_base_entry(), torch.device("cpu"), "sdpa"
    ).eval()  # a fresh adapter changes nothing
    losses: list[float] = []
    for row in splits["validation"]:
        ids = torch.tensor([row["prompt_ids"] + row["completion_ids"]])
        shares = plain(input_ids=ids).logits[0].double().log_softmax(-1)
        at = range(len(row["prompt_ids"]), ids.shape[1])
        losses += [-shares[i - 1, ids[0, i]].item() for i in at]
    found = mean_loss(model.train(), splits["validation"], records_per_pack)
    assert found == pytest.approx(sum(losses) / len(losses), abs=1e-5)
    assert model.training


def test_an_estimate_leaves_weights_and_random_numbers(
    model: Any, splits: dict[str, Dataset], study: Path
) -> None:
    common = yaml.safe_load((study / "params.yaml").read_text())["train"]["common"]
    before = {name: p.clone() for name, p in model.named_parameters()}
    states = torch.get_rng_state(), random.getstate(), str(np.random.get_state())  # noqa: NPY002
    found = estimate(model, TrainParams.model_validate(common), splits)
    assert found.seconds > 0
    assert found.peak_bytes > 1e6
    assert all(torch.equal(p, before[name]) and p.grad is None for name, p in model.named_parameters())
    assert torch.equal(torch.get_rng_state(), states[0])
    assert (random.getstate(), str(np.random.get_state())) == states[1:]  # noqa: NPY002


def test_one_process_uses_one_of_two_cards(
    model: Any, splits: dict[str, Dataset], study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = vars(TrainingArguments)["_setup_devices"].func

    def two_cards(args: TrainingArguments) -> torch.device:
        device: torch.device = found(args)
        args._n_gpu = 2
        return device

    faked = cached_property(two_cards)
    faked.__set_name__(TrainingArguments, "_setup_devices")
    monkeypatch.setattr(TrainingArguments, "_setup_devices", faked)
    params = TrainParams.model_validate(
        yaml.safe_load((study / "params.yaml").read_text())["train"]["common"]
    )
    args = make_trainer(model, params, 1, splits, str(study), []).args
    assert (args.n_gpu, args.train_batch_size) == (1, params.records_per_pack)
