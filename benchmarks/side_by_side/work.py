"""Write the study's work to files that every side reads: token ids, paths of weights, settings."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from peft import PeftModel

from stages.common.files import read_records
from stages.common.llm.bases import fetch, load_base_entry
from stages.common.llm.loading import add_adapters, load_base, load_tokenizer
from stages.common.llm.marks import marks_of
from stages.common.llm.template import token_pair
from stages.common.params import load_params
from stages.common.prompts import load_asked_prompts
from stages.common.records import CONDITIONS, Example
from stages.common.schema import load_schema
from stages.generate.__main__ import ADAPTERS, PREPARED, Writer
from stages.generate.arms import arms
from stages.generate.params import GenerateParams
from stages.score.__main__ import held_out
from stages.score.params import ScoreParams
from stages.score.scoring import Scorer, packs
from stages.train.params import TrainParams

TRAIN = PREPARED / "original" / "train.jsonl"
SHORT = (70, 90)
"""Tokens of prompt and completion of a row that is cut."""
CPU = torch.device("cpu")


def training(file: Path, steps: int, batch_size: int, *, short: bool = False) -> dict[str, Any]:
    """Write so many steps of `train_original` on the study's rows, in their order.

    Args:
        short: cut or repeat each row to SHORT tokens.
    """
    name, base = load_base_entry()
    tokenizer, params = load_tokenizer(name, base), load_params(TrainParams, section="train.common")
    examples = read_records(TRAIN, Example)
    rows = []
    for n in range(steps * batch_size):
        example = examples[n % len(examples)]
        pair = token_pair(tokenizer, base.template, example.prompt, example.completion, params.max_length)
        rows.append({"prompt_ids": pair.prompt_ids, "completion_ids": pair.completion_ids})
    lora: dict[str, Any] = {
        "r": params.lora.rank,
        "lora_alpha": int(params.lora.alpha),
        "lora_dropout": params.lora.dropout,
    }
    lora |= {"target_modules": params.lora.targets}
    work = {
        "base": str(fetch(name, base)),
        "seed": 1,
        "steps": steps,
        "batch_size": batch_size,
        "learning_rate": params.learning_rate,
        "schedule": params.schedule,
        "warmup_steps": params.warmup_steps,
        "max_grad_norm": params.max_grad_norm,
        "lora": lora,
        "rows": [_short(row) for row in rows] if short else rows,
        "people": [json.loads(example.completion) for example in examples],
    }
    return _written(file, work)


def scoring() -> list[list[dict[str, list[int]]]]:
    """Rows of each pack that `score` computes, under one arm."""
    name, base = load_base_entry()
    scorer = Scorer(
        None,
        load_tokenizer(name, base),
        base.template,
        load_params(TrainParams, section="train.common").max_length,
    )
    rows = held_out(scorer)
    size = load_params(ScoreParams, section="score").records_per_pack
    return [
        [
            {"prompt_ids": rows[n].pair.prompt_ids, "completion_ids": rows[n].pair.completion_ids}
            for n in places
        ]
        for places in packs(rows, size)
    ]


def drawing(file: Path, gguf_folder: Path, draws: int) -> dict[str, Any]:
    """Write what the study asks every arm, and GGUF files of the base and of each adapter merged into it."""
    name, base = load_base_entry()
    params, schema = load_params(GenerateParams, section="generate"), load_schema()
    model, tokenizer = add_adapters(load_base(name, base, CPU, None), ADAPTERS), load_tokenizer(name, base)
    writer = Writer(model, tokenizer, base, schema, params, ADAPTERS)
    people = {c: read_records(PREPARED / c / "train.jsonl", Example) for c in CONDITIONS}
    work = {
        "base": str(fetch(name, base)),
        "adapters": {condition: str(folder.resolve()) for condition, folder in ADAPTERS.items()},
        "stops": sorted(marks_of(tokenizer).stops),
        "max_new_tokens": params.max_new_tokens,
        "batch_size": params.batch_size,
        "draws": draws,
        "asked": [
            {"adapter": arm.adapter, "ids": writer.ids(arm, prompt)}
            for arm in arms(name, people, params.shots, params.seed)
            for prompt in load_asked_prompts(schema)
        ],
        "gguf": _merged(lambda: load_base(name, base, CPU, None), gguf_folder),
    }
    return _written(file, work)


def _written(file: Path, work: dict[str, Any]) -> dict[str, Any]:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(work), "utf-8")
    return work


def _short(row: dict[str, list[int]]) -> dict[str, list[int]]:
    prompt, completion = row["prompt_ids"], row["completion_ids"]
    return {"prompt_ids": prompt[: SHORT[0]], "completion_ids": (completion * 2)[: SHORT[1]]}


def _merged(load: Callable[[], Any], folder: Path) -> dict[str, str]:
    """A GGUF file per adapter, merged into the base; "None" is the base alone."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for adapter in (None, *ADAPTERS):
        model = load()
        if adapter:
            model = PeftModel.from_pretrained(model, str(ADAPTERS[adapter])).merge_and_unload()
        files[str(adapter)] = str(file := folder / f"{adapter}.gguf")
        write_gguf(model.config, model.state_dict(), file)
    return files


def write_gguf(config: Any, weights: Mapping[str, torch.Tensor], file: Path) -> None:
    """Write Llama's weights in float32, without a tokenizer: token ids are all that is passed."""
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_vocab_size(config.vocab_size)
    writer.add_tokenizer_model("no_vocab")
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}
    for name, weight in weights.items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        value = weight.detach().float().numpy()
        for part, n_heads in heads.items():
            value = _pairs_together(value, n_heads) if part in name else value
        writer.add_tensor(str(names.get_name(name, try_suffixes=(".weight",))), value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _pairs_together(weight: np.ndarray[Any, Any], n_heads: int) -> np.ndarray[Any, Any]:
    """GGUF's order of a head's rows: those that rotate together stand side by side."""
    halves = weight.reshape(n_heads, 2, weight.shape[0] // n_heads // 2, weight.shape[1])
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(weight.shape))
