"""Refusal of sequences that a checkpoint cannot read: words without weights, more tokens than its window.

Apple's GPU, unlike a CPU, may compute something for a word that the embedding does not have.
"""

from collections.abc import Sequence
from typing import Any

from stages.common.llm.positions import architecture
from stages.shell.errors import UserError

OTHER_TOKENIZER = (
    "Take tokenizer.json and tokenizer_config.json from the repository that the weights are from"
)


def refuse_unreadable(model: Any, sequences: Sequence[Sequence[int]], max_new_tokens: int = 0) -> None:
    """UserError if a sequence has an id beyond the embedding, or does not fit into the window.

    Args:
        max_new_tokens: tokens that are written after each sequence.
    """
    n_words = model.get_input_embeddings().weight.shape[0]
    highest = max(max(ids) for ids in sequences)
    if highest >= n_words:
        raise UserError(
            f"{architecture(model)}: the tokenizer gives a text the token {highest}; the weights have only "
            f"the first {n_words} (0 to {n_words - 1})\n{OTHER_TOKENIZER}"
        )
    window = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    longest = max(map(len, sequences)) + max_new_tokens
    if window is not None and longest > window:
        written = f" with {max_new_tokens} new tokens" * bool(max_new_tokens)
        raise UserError(
            f"{architecture(model)}: the longest sequence{written} has {longest} tokens; the base reads "
            f"{window}\nShorten the prompts or the profiles"
        )
