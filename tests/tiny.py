"""A tiny random Llama, made on the spot, and a copy of the project that uses it."""

import json
import shutil
from pathlib import Path
from typing import Any

import yaml

from stages.common.files import write_text
from stages.common.params import read_yaml

ROOT = Path(__file__).parents[1]
COPIED = (
    "data/raw",
    "data/external/README.md",
    "data/schema",
    "data/lexicon.yaml",
    "data/prompts.yaml",
    "docs/method.md",
    "metrics/calibration",
    "metrics/declared.json",
    "models/bases.yaml",
    "stages",
    "experiments/params.yaml",
    "dvc.yaml",
    "params.yaml",
)
TINY_PARAMS: dict[str, Any] = {
    "train": {"common": {"steps": 2, "evaluate_every": 1, "validation_records": 8, "max_length": 4000}},
    "generate": {"draws": 2, "max_new_tokens": 8, "shots": 1},
    "evaluate": {"null_draws": 200},
}


def make_tiny_llama(folder: Path, texts: list[str]) -> Path:
    """A Llama of two layers with random weights and a byte-level tokenizer trained on `texts`."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    bpe = ByteLevelBPETokenizer()
    bpe.train_from_iterator(texts, vocab_size=600, special_tokens=["<s>", "</s>"], show_progress=False)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe._tokenizer, bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=8192,
        bos_token_id=0,
        eos_token_id=1,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def make_workspace(folder: Path, llama: Path, n_people: int = 60) -> Path:
    """A copy of the project (dvc.yaml, code, data) on the tiny Llama: few people, steps and draws."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for file in (folder / "data/raw").glob("*.json"):
        people = json.loads(file.read_text("utf-8"))[:n_people]
        file.write_text(json.dumps(people, ensure_ascii=False), "utf-8")
    edit_yaml(folder / "models/bases.yaml", {"tiny": tiny_base(llama)})
    edit_yaml(folder / "params.yaml", {"base": "tiny", **TINY_PARAMS})
    return folder


def tiny_base(llama: Path) -> dict[str, Any]:
    return {
        "origin": {"path": str(llama)},
        "sha256": {},
        "licence": "none",
        "may_be_passed_on": True,
        "template": "alpaca",
        "dtype": "float32",
        "quantization": "none",
        "gradient_checkpointing": False,
    }


def edit_yaml(path: Path, changes: dict[str, Any]) -> None:
    """Merge nested changes into a YAML file, which is whole at any time: a stage may be reading it."""
    content = read_yaml(path)
    _merge(content, changes)
    write_text(path, yaml.safe_dump(content, sort_keys=False, allow_unicode=True))


def _merge(content: dict[str, Any], changes: dict[str, Any]) -> None:
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(content.get(key), dict):
            _merge(content[key], value)
        else:
            content[key] = value
