"""Language models: their weights, tokens, losses and draws.

Import this package before torch: it sets what torch and the memory allocator read once. Beside it, train,
score and their checks in stages/shell use torch and transformers.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stages.common.llm import metal

metal.limit_memory()  # before torch is imported
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

# glibc gives large blocks back to the system at once, and every page must be requested again:
# on two cores that was a third of the time of `score`. Changes speed, not results.
# THESIS_MALLOC=system leaves it as it is, for benchmarks.
TRIM_THRESHOLD, TOP_PAD, MMAP_MAX = -1, -2, -4
KEPT = {MMAP_MAX: 0, TRIM_THRESHOLD: 2**31 - 1, TOP_PAD: 2**28}
GIVEN_BACK = {MMAP_MAX: 2**16, TRIM_THRESHOLD: 2**17, TOP_PAD: 2**17}
"""glibc's own values."""
_usual = KEPT
LIBC: Any = (
    ctypes.CDLL(None) if sys.platform == "linux" and os.environ.get("THESIS_MALLOC") != "system" else None
)


def _set(values: dict[int, int]) -> None:
    if hasattr(LIBC, "mallopt"):
        for option, value in values.items():
            LIBC.mallopt(option, value)


@contextmanager
def memory_given_back() -> Iterator[None]:
    """Large blocks go back to the system at once within it: what is needed only for a moment.

    Quantizing two blocks of Llama 2's size left 1.4 GB that nothing used again.
    """
    _set(GIVEN_BACK)
    try:
        yield
    finally:
        _set(_usual)


def give_memory_back() -> None:
    """Return large blocks to the system at once from now on.

    NF4 weights are unpacked for each product; blocks that are kept for the next one fit it badly, and a
    training of Llama 2 7B's shape needed up to 11 GB.
    """
    global _usual
    _usual = GIVEN_BACK
    _set(_usual)


_set(KEPT)
