"""Check that everything in an architecture that mixes tokens goes through our code.

The comparison of numbers misses this in bfloat16: a tiny Qwen3-Next, LFM2 or BLOOM with wrong losses
differed by 0.16 to 0.32 nats per token, which rounding explains as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn
from transformers import AttentionInterface

from stages.common.llm.attention import BRANCHED, branched_attention
from stages.common.llm.positions import architecture
from stages.shell.errors import UserError
from stages.shell.remedies import OTHER_BASE


def refuse_running_state(model: Any) -> None:
    """UserError if layers mix neighbouring tokens by a convolution, which packs and caches leave out."""
    modules = model.get_decoder().modules()
    found = {type(m).__name__ for m in modules if any(isinstance(one, nn.Conv1d) for one in m.children())}
    if found:
        raise UserError(
            f"{architecture(model)}: {', '.join(sorted(found))} keeps a running state beside attention, "
            f"which is not computed here\n{OTHER_BASE}"
        )


@contextmanager
def every_layer_reached(model: Any) -> Iterator[None]:
    """UserError if, in a forward pass within it, fewer layers than the model has use our attention."""
    n_calls = 0

    def counted(*args: Any, **kwargs: Any) -> tuple[Tensor, None]:
        nonlocal n_calls
        n_calls += 1
        return branched_attention(*args, **kwargs)

    AttentionInterface.register(BRANCHED, counted)
    try:
        yield
    finally:
        AttentionInterface.register(BRANCHED, branched_attention)
    n_layers = model.config.get_text_config().num_hidden_layers
    if n_calls < n_layers:
        raise UserError(
            f"{architecture(model)}: {n_layers - n_calls} of its {n_layers} layers do not use our attention, "
            f"so they would mix the records of a pack\n{OTHER_BASE}"
        )
