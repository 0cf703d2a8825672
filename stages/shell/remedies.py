"""What to do about a refusal, where several say the same. Here, because these texts change no result."""

OTHER_BASE = "Take another base of models/bases.yaml; docs/bases.md says which architectures were run"
ON_THE_CPU = "Run on the CPU: THESIS_DEVICE=cpu make repro; and update macOS and torch"
REMOVED = (
    "It was damaged, or is not the one this study used, and was removed. Run again; "
    "if this happens again, do not use it."
)
REWORD = (
    "Rephrase these parts, or use a base whose tokenizer knows every character "
    "(byte-level, or with byte fallback)"
)
