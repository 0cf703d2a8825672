"""Tier 1: manifest, dvc.lock, params, data, adapters, completions, seeds and rows belong together."""

from pathlib import Path

from thesis.verify.belonging.checks import findings
from thesis.verify.findings import Tier

PROVES = (
    "Every file is the one that dvc.lock and the manifest record; none is missing, changed or unlisted.",
    "The params are those that each stage was run with, and each stage read what the stages before wrote.",
    "Each adapter names this data, these params and this base; each completion names its adapter.",
    "No completion, loss or profile is missing or added; seeds and splits follow from the params.",
)
DOES_NOT = (
    "That the code which verifies, in thesis/, is the author's: compare its sha256, above, with theirs.",
    "By tier 1 alone: that these numbers, completions and adapters came from this code.",
    "Who made the files, unless a signature was verified with a key that came to you another way.",
)


def tier(key: Path | None = None) -> Tier:
    """The tier.

    Args:
        key: the author's public key.
    """
    return Tier(
        number=1,
        title="Do the files belong together?",
        takes="some seconds",
        proves=PROVES,
        does_not=DOES_NOT,
        check=lambda root: findings(root, key),
        only_reads=True,
    )
