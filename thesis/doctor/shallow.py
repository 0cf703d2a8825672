"""A model of the base's shape with few blocks and random weights, that loads in a second.

It runs through the same kernels as the base, in the same dtype and quantization.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from stages.common.files import write_json
from stages.common.llm.bases import Base, PathOrigin
from thesis.doctor.shapes import Shape

MAX_BLOCK_WEIGHTS = 30_000_000
"""As many blocks as stay below, at least one: of Llama 2's, one has 202 million."""
VOCABULARY = 4096


def shallow_shape(shape: Shape) -> Shape:
    layers = max(1, min(shape.layers, MAX_BLOCK_WEIGHTS // shape.n_block))
    return replace(shape, layers=layers, vocabulary=min(VOCABULARY, shape.vocabulary))


@contextmanager
def shallow_base(shape: Shape, base: Base) -> Iterator[Base]:
    """The base's entry with a shallow model in place of its weights; gone afterwards."""
    with TemporaryDirectory(prefix="thesis-doctor-") as folder:
        write_random(shallow_shape(shape), Path(folder), base.dtype)
        yield base.model_copy(update={"origin": PathOrigin(path=folder), "sha256": {}})


def write_random(shape: Shape, folder: Path, dtype: str) -> None:
    """A Llama of this shape, in the form of a base's folder."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
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
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        LlamaForCausalLM(config).to(getattr(torch, dtype)).save_pretrained(folder)
    write_json(folder / "tokenizer.json", {})  # a folder without one is no base
