"""The canonical adapter folder."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stages.train.adapter import canonical_config
from tests.tiny import ROOT

SAVE = """
import sys
from pathlib import Path
import torch
from transformers import LlamaConfig, LlamaForCausalLM
from stages.train.lora import with_lora
from stages.train.adapter import save_adapter
from stages.train.params import LoraParams
config = LlamaConfig(
    vocab_size=20, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2
)
torch.manual_seed(0)
lora = LoraParams(rank=2, alpha=4, dropout=0.0, targets="all-linear")
model = with_lora(LlamaForCausalLM(config), lora, 1, False)
save_adapter(model, {"base_model_name_or_path": "tiny"}, {"condition": "original"}, Path(sys.argv[1]))
"""


class Backwards(set[str]):
    """A set in another order, as under another hash seed."""

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(set.__iter__(self), reverse=True))


def test_config_has_no_order_path_or_version_of_this_machine() -> None:
    config = {
        "target_modules": Backwards({"v_proj", "q_proj"}),
        "base_model_name_or_path": "/home/someone/llama",
        "peft_version": "0.21.2",
        "inference_mode": False,
        "r": 4,
    }
    assert list(canonical_config(config, {"base_model_name_or_path": "tiny"}).items()) == [
        ("base_model_name_or_path", "tiny"),
        ("inference_mode", True),
        ("r", 4),
        ("target_modules", ["q_proj", "v_proj"]),
    ]


@pytest.mark.slow
def test_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    for seed in "012":
        environment = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-c", SAVE, str(tmp_path / seed)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
    folders = [{f.name: f.read_bytes() for f in (tmp_path / seed).iterdir()} for seed in "012"]
    assert folders[0] == folders[1] == folders[2]
    assert set(folders[0]) == {"adapter_config.json", "adapter_model.safetensors", "manifest.json"}
    assert json.loads(folders[0]["adapter_config.json"])["base_model_name_or_path"] == "tiny"
