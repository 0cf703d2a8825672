"""Seeds and splits derived from names, so that no result depends on the order of rows."""

import hashlib
import json
from collections.abc import Mapping


def seed_for(*names: str | int) -> int:
    """A seed in [0, 2^63) from the sha256 of the names; unlike `hash()`, the same everywhere.

    >>> seed_for(7, "free-profile", 1) == seed_for(7, "free-profile", 1)
    True
    >>> seed_for("1") == seed_for(1)
    False
    """
    digest = hashlib.sha256(json.dumps(names, ensure_ascii=True).encode()).digest()
    return int.from_bytes(digest[:8]) >> 1


def uniform(*names: str | int) -> float:
    """A number in [0, 1) from the names."""
    return (seed_for(*names) >> 10) / 2**53


def choose(shares: Mapping[str, float], *names: str | int) -> str:
    """One key of `shares`, with probability proportional to its value.

    >>> choose({"always": 1.0, "never": 0.0}, "anyone")
    'always'
    """
    point, chosen = uniform(*names) * sum(shares.values()), ""
    for key, share in shares.items():
        if share > 0:
            chosen = key
            point -= share
            if point < 0:
                break
    return chosen


def split_of(source_id: str, *, seed: int, shares: Mapping[str, float]) -> str:
    """The split of a person: it depends on the id, the seed and the shares alone.

    Twins and later versions of a person therefore never fall apart, and a further
    person moves nobody else.
    """
    return choose(shares, "split", seed, source_id)
