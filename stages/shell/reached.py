"""Check that everything in an architecture that mixes tokens goes through our code.

The comparison of numbers misses this in bfloat16: a tiny Qwen3-Next, LFM2 or BLOOM with wrong losses
differed by 0.16 to 0.32 nats per token, which rounding explains as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import nn
from transformers import AttentionInterface

from stages.common.llm.positions import architecture
from stages.shell.errors import UserError
from stages.shell.remedies import OTHER_BASE


def refuse_other_mixing(model: Any) -> None:
    """UserError if layers mix tokens by a convolution or in chunks, which packs and rows leave out."""
    if getattr(model.config.get_text_config(), "attention_chunk_size", None):
        raise UserError(
            f"{architecture(model)}: its layers attend in chunks, which is not computed here\n{OTHER_BASE}"
        )
    modules = model.get_decoder().modules()
    found = {type(m).__name__ for m in modules if any(isinstance(one, nn.Conv1d) for one in m.children())}
    if found:
        raise UserError(
            f"{architecture(model)}: {', '.join(sorted(found))} keeps a running state beside attention, "
            f"which is not computed here\n{OTHER_BASE}"
        )


@contextmanager
def every_layer_reached(model: Any, implementation: str, else_: str) -> Iterator[None]:
    """UserError if, in what is computed within it, fewer layers than the model has use our attention.

    Args:
        implementation: name of our attention, as registered in transformers.
        else_: what the other layers would do, for the message.
    """
    ours, reached = AttentionInterface()[implementation], set[nn.Module]()

    def noted(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
        reached.add(module)
        return ours(module, *args, **kwargs)

    AttentionInterface.register(implementation, noted)
    try:
        yield
    finally:
        AttentionInterface.register(implementation, ours)
    n_layers = model.config.get_text_config().num_hidden_layers
    if len(reached) < n_layers:
        raise UserError(
            f"{architecture(model)}: {n_layers - len(reached)} of its {n_layers} layers do not use our "
            f"attention, so they would {else_}\n{OTHER_BASE}"
        )
