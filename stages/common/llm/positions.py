"""Refusal of positions that depend on the other records of a batch."""

from typing import Any

from stages.shell.errors import UserError

BY_LENGTH = {"dynamic", "longrope"}
"""Rotations that depend on the longest sequence of a batch, once it is longer than at first trained."""


def refuse_changing_positions(model: Any, longest: int) -> None:
    """UserError if sequences of so many tokens make a record's result depend on its company."""
    text = model.config.get_text_config()
    said = getattr(text, "rope_parameters", None) or {}
    for rope in [said, *(by_layer for by_layer in said.values() if isinstance(by_layer, dict))]:
        if rope.get("rope_type") not in BY_LENGTH:
            continue
        start = rope.get("original_max_position_embeddings") or text.max_position_embeddings
        if longest > start:
            raise UserError(
                f"{architecture(model)}: {longest} tokens are more than the {start} up to which its "
                f"positions ({rope['rope_type']}) are fixed; beyond, they depend on the other records\n"
                "Shorten the prompts or the profiles"
            )


def architecture(model: Any) -> str:
    """The name of the model's class, as in a checkpoint's config.json."""
    return type(getattr(model, "get_base_model", lambda: model)()).__name__
