"""Random weights of a Llama's shape, in the form of a base's folder; small models of that shape."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from safetensors.torch import save_file
from transformers import LlamaConfig

from stages.common.files import write_json
from stages.common.llm.bases import Base, PathOrigin
from thesis.doctor.shapes import Shape

SHARD_BYTES = 1_000_000_000
"""Bytes of weights that are in memory, and in one file, together."""
DEVIATION = 0.02
"""Standard deviation of Llama's weights before training."""
MAX_BLOCK_WEIGHTS = 30_000_000
"""A shallow model has as many blocks as stay below, and at least one (Llama 2's have 202 million each)."""
VOCABULARY = 4096


def shallow_shape(shape: Shape) -> Shape:
    layers = max(1, min(shape.layers, MAX_BLOCK_WEIGHTS // shape.n_block))
    return replace(shape, layers=layers, vocabulary=min(VOCABULARY, shape.vocabulary))


@contextmanager
def shallow_base(shape: Shape, base: Base) -> Iterator[Base]:
    """The base's entry with a shallow model in place of its weights; gone afterwards."""
    with TemporaryDirectory(prefix="thesis-doctor-") as folder:
        write_random(shallow_shape(shape), Path(folder), base.dtype)
        write_json(Path(folder) / "tokenizer.json", {})  # a folder without one is no base
        yield base.model_copy(update={"origin": PathOrigin(path=folder), "sha256": {}})


def write_random(
    shape: Shape, folder: Path, dtype: str, wrote: Callable[[int], object] = lambda n_bytes: None
) -> None:
    """Write config.json and shards of random weights, the same at every call; the folder has no tokenizer.

    Args:
        wrote: receives the bytes of each shard.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _config(shape, dtype).save_pretrained(folder)
    shards, places = _shards(shape, getattr(torch, dtype).itemsize), dict[str, str]()
    generator, total = torch.Generator().manual_seed(0), 0
    for number, sizes in enumerate(shards, start=1):
        file = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        weights = {name: _weights(size, generator, getattr(torch, dtype)) for name, size in sizes.items()}
        save_file(weights, folder / file, metadata={"format": "pt"})
        n_bytes = sum(tensor.nbytes for tensor in weights.values())
        places |= dict.fromkeys(weights, file)
        total += n_bytes
        wrote(n_bytes)
    write_json(
        folder / "model.safetensors.index.json", {"metadata": {"total_size": total}, "weight_map": places}
    )


def _config(shape: Shape, dtype: str) -> LlamaConfig:
    return LlamaConfig(
        architectures=["LlamaForCausalLM"],
        dtype=dtype,
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.intermediate,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        max_position_embeddings=shape.positions,
        tie_word_embeddings=shape.tied,
        head_dim=shape.head_dim,
    )


def _weights(size: tuple[int, ...], generator: torch.Generator, dtype: torch.dtype) -> torch.Tensor:
    """Normal numbers for a matrix; ones for a norm."""
    if len(size) == 1:
        return torch.ones(size, dtype=dtype)
    return torch.empty(size, dtype=dtype).normal_(0, DEVIATION, generator=generator)


def _shards(shape: Shape, itemsize: int) -> list[dict[str, tuple[int, ...]]]:
    """Names and sizes of the weights of each file."""
    shards: list[dict[str, tuple[int, ...]]] = [{}]
    room = SHARD_BYTES
    for name, size in _sizes(shape):
        n_bytes = torch.Size(size).numel() * itemsize
        if n_bytes > room and shards[-1]:
            shards.append({})
            room = SHARD_BYTES
        shards[-1][name] = size
        room -= n_bytes
    return shards


def _sizes(shape: Shape) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield "model.embed_tokens.weight", (shape.vocabulary, shape.hidden)
    for layer in range(shape.layers):
        block = f"model.layers.{layer}"
        for name, (n_in, n_out) in shape.matrices.items():
            part = "self_attn" if name in ("q_proj", "k_proj", "v_proj", "o_proj") else "mlp"
            yield f"{block}.{part}.{name}.weight", (n_out, n_in)
        for norm in ("input_layernorm", "post_attention_layernorm"):
            yield f"{block}.{norm}.weight", (shape.hidden,)
    yield "model.norm.weight", (shape.hidden,)
    if not shape.tied:
        yield "lm_head.weight", (shape.vocabulary, shape.hidden)
