"""Too little memory for what a stage computes together: named with the parameter to lower."""

from collections.abc import Iterator
from contextlib import contextmanager

from stages.shell.errors import UserError

KNOBS = {
    "train": "train.common.records_per_pack",
    "score": "score.records_per_pack",
    "generate": "generate.batch_size",
}
"""The parameter that the memory of a stage grows with."""
OUT_OF_MEMORY = ("out of memory", "allocate memory", "not enough memory")
"""How torch says it on graphics cards, on Linux and on other processors."""
REMEDIES = {"train": "set gradient_checkpointing: true in models/bases.yaml, "}


def is_out_of_memory(error: Exception) -> bool:
    """Whether torch had too little memory; its OutOfMemoryError is a RuntimeError with these words."""
    return any(words in str(error).lower() for words in OUT_OF_MEMORY)


@contextmanager
def roomy(stage: str) -> Iterator[None]:
    """Turn torch's errors about memory into a UserError that says what to lower; also a decorator."""
    try:
        yield
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        said, now = str(error).splitlines()[0], KNOBS[stage]
        raise UserError(
            f"{now} in params.yaml is too large for the memory that is free ({said})\n"
            f"Lower it, {REMEDIES.get(stage, '')}end other programs, "
            "or take a smaller or a quantized base of models/bases.yaml"
        ) from error
