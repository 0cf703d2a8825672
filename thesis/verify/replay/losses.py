"""Recorded losses against recomputed ones, profile by profile and field by field."""

from collections.abc import Iterator, Sequence
from math import isfinite

from stages.common.records import ProfileLoss, TokenLoss
from thesis.verify.findings import Finding, compared
from thesis.verify.replay.receipts import listed

STAGE = "score"
Key = tuple[str, str, str, str]


def key_of(row: ProfileLoss) -> Key:
    return row.arm, row.data, row.split, row.source_id


def judged_losses(
    recorded: Sequence[ProfileLoss], again: Sequence[ProfileLoss], tolerance: float
) -> Iterator[Finding]:
    """One line about which profiles are scored, and one per arm about their losses.

    Args:
        tolerance: nats per token, of a profile and of each of its fields.
    """
    keys = [key_of(row) for row in again]
    same_rows = compared(STAGE, "profiles scored", len(keys), len(recorded))
    if [key_of(row) for row in recorded] != keys:
        yield Finding(STAGE, same_rows.what, f"{len(keys)}, in order", f"{len(recorded)}, others", False)
        return
    yield same_rows
    pairs = list(zip(recorded, again, strict=True))
    for arm in dict.fromkeys(row.arm for row in again):
        yield _of_arm(arm, [(old, new) for old, new in pairs if new.arm == arm], tolerance)


def _of_arm(arm: str, pairs: Sequence[tuple[ProfileLoss, ProfileLoss]], tolerance: float) -> Finding:
    largest = [(difference(old, new), f"{new.data} {new.split} {new.source_id}") for old, new in pairs]
    beyond = [f"{who}: {size:.2g}" for size, who in largest if not size <= tolerance]
    most = max(size for size, _ in largest)
    what = f"{arm}: losses of {len(pairs):,} profiles, and of each of their fields"
    got = f"differ by at most {most:.2g}" + (f"; {len(beyond)} by more: {listed(beyond)}" if beyond else "")
    seen = {"tolerance": tolerance, "profiles": len(pairs)}
    seen |= {"largest_difference": most} if isfinite(most) else {}
    expected = f"the recorded, within {tolerance:.2g} nats per token"
    return Finding(STAGE, what, expected, got, not beyond, seen=seen)


def difference(old: ProfileLoss, new: ProfileLoss) -> float:
    """Largest difference of a loss per token, of the profile and each field; infinite if tokens differ."""
    if old.fields.keys() != new.fields.keys():
        return float("inf")
    parts = [(old, new), *((old.fields[name], new.fields[name]) for name in new.fields)]
    return max(_difference(a, b) for a, b in parts)


def _difference(old: TokenLoss, new: TokenLoss) -> float:
    if old.n_tokens != new.n_tokens:
        return float("inf")
    return abs(old.nll - new.nll) / max(1, new.n_tokens)
