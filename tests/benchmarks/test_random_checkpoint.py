"""Random checkpoints are checkpoints: they load, and their tokenizer keeps texts."""

import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from benchmarks.random_checkpoint import LLAMA_2_7B, refuse_full_disk, write
from stages.shell.errors import UserError
from tests.tiny import ROOT
from thesis.doctor.shapes import from_config

SMALL = replace(LLAMA_2_7B, hidden=32, intermediate=64, layers=3, heads=4, kv_heads=2, vocabulary=2_500)
TEXT = '{"age":34,"city":"Łódź","summary":"Works 40 hours."}'


def test_it_loads_with_as_many_words_as_weights(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("thesis.doctor.random_weights.SHARD_BYTES", 100_000)
    folder = write(SMALL, tmp_path / "made")
    assert len(list(folder.glob("*.safetensors"))) > 1
    model = AutoModelForCausalLM.from_pretrained(folder)
    assert model.dtype == torch.float16
    assert from_config(model.config.to_dict()) == replace(SMALL, head_dim=8)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert len(tokenizer) == model.config.vocab_size
    ids = tokenizer(TEXT, add_special_tokens=False)["input_ids"]
    assert tokenizer.decode(ids) == TEXT
    assert (tokenizer.bos_token_id, tokenizer.eos_token_id) == (1, 2)


def test_a_folder_that_holds_something_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"(?s)not empty.*new folder"):
        write(SMALL, tmp_path)


@pytest.mark.parametrize(
    ("odd", "told"),
    [({"heads": 3}, "--heads 3"), ({"kv_heads": 3}, "--kv-heads 3"), ({"vocabulary": 100}, "512")],
)
def test_no_llama_is_refused_before_the_first_byte(tmp_path, odd, told):
    with pytest.raises(UserError, match=told):
        write(replace(SMALL, **odd), tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_a_full_disk_is_refused_before_the_first_byte(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=13 * 10**9))
    with pytest.raises(UserError, match=r"(?s)13.5 GB will be written, 13.0 GB are free.*--layers"):
        refuse_full_disk(tmp_path / "new" / "folder", 2 * LLAMA_2_7B.n_weights)
