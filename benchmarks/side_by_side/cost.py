"""Operations that a work needs at least, for its share of the machine's limit."""

from collections.abc import Sequence
from typing import Any

from transformers import AutoConfig

from stages.common.llm.bases import fetch, load_base_entry
from stages.common.llm.packing import common_prefix

BYTES = 4
"""Of a weight in float32."""


def weights() -> tuple[int, int]:
    """Weights of the layers' products, and of the head's, of the study's base."""
    config: Any = AutoConfig.from_pretrained(fetch(*load_base_entry()))
    queries = config.num_attention_heads * config.head_dim
    keys = config.num_key_value_heads * config.head_dim
    layer = config.hidden_size * (2 * queries + 2 * keys + 3 * config.intermediate_size)
    return config.num_hidden_layers * layer, config.hidden_size * config.vocab_size


def of_losses(rows: Sequence[dict[str, list[int]]]) -> float:
    """Operations for the losses of records that are computed together.

    Prompts count once as far as they are the same, and the head where a completion is predicted.
    """
    body, head = weights()
    trunk = len(common_prefix([row["prompt_ids"] for row in rows]))
    n_tokens = trunk + sum(len(row["prompt_ids"]) - trunk + len(row["completion_ids"]) - 1 for row in rows)
    return 2.0 * (body * n_tokens + head * sum(len(row["completion_ids"]) for row in rows))


def of_a_step(rows: Sequence[dict[str, list[int]]]) -> float:
    """Operations of one training step: forwards, and back to the inputs; the base has no gradients."""
    return 2 * of_losses(rows)


def of_drawing(n_tokens: float) -> float:
    """Operations to write tokens, without those to read the prompts."""
    return 2.0 * sum(weights()) * n_tokens


def bytes_of_a_token() -> int:
    """What is read from memory for one token of one row: every weight."""
    return BYTES * sum(weights())
