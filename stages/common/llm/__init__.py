"""The only place that imports torch or transformers."""

import os

# Read by torch when it is imported. The default of 1.7 lets a Mac swap instead of failing;
# the CPU fallback would hide slow operations.
os.environ.setdefault("PYTORCH_MPS_HIGH_WATERMARK_RATIO", "0.9")
os.environ.setdefault("PYTORCH_MPS_LOW_WATERMARK_RATIO", "0.8")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
