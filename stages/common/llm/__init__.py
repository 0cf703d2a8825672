"""The only place that imports torch or transformers."""

import ctypes
import os
import sys

from stages.common.llm import metal

metal.limit_memory()  # before torch is imported
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

# glibc gives large blocks back to the system at once, and every page must be had anew:
# on two cores that was a third of the time of `score`. Changes speed, not results.
# THESIS_MALLOC=system leaves it as it is, for benchmarks.
if (
    sys.platform == "linux"
    and os.environ.get("THESIS_MALLOC") != "system"
    and hasattr(libc := ctypes.CDLL(None), "mallopt")
):
    TRIM_THRESHOLD, TOP_PAD, MMAP_MAX = -1, -2, -4
    libc.mallopt(MMAP_MAX, 0)
    libc.mallopt(TRIM_THRESHOLD, 2**31 - 1)
    libc.mallopt(TOP_PAD, 2**28)
