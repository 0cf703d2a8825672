"""Recorded losses against recomputed ones, profile by profile and field by field."""

from collections.abc import Iterator, Sequence
from math import isfinite

from stages.common.records import ProfileLoss, TokenLoss
from thesis.verify.findings import Finding, unchecked
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
    keys, found = [key_of(row) for row in again], {key_of(row): row for row in recorded}
    is_same, n = [key_of(row) for row in recorded] == keys, len(keys)
    got = f"{n}, in order" if is_same else f"{len(recorded)}, others or in another order"
    yield Finding(STAGE, "profiles scored", f"{n}, in order", got, is_same)
    pairs = [(found[key], new) for key, new in zip(keys, again, strict=True) if key in found]
    for arm in dict.fromkeys(new.arm for _, new in pairs):
        yield _of_arm(arm, [(old, new) for old, new in pairs if new.arm == arm], tolerance)
    for kind, lost in (("not on record", {*keys} - {*found}), ("of nobody here", {*found} - {*keys})):
        if lost:
            told = listed(sorted(map(" ".join, lost)))
            yield unchecked(STAGE, f"{len(lost)} losses", f"{kind}: {told}")


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
