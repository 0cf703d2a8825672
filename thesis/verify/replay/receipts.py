"""Receipts of completions: whether each recorded token is the one that its model, prompt and noise give."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from stages.common.records import Completion
from thesis.verify.findings import Finding

STAGE = "generate"
SHOWN = 3
"""Number of mistakes of a kind that a line names."""


@dataclass(frozen=True)
class Recorded:
    """What is on record of one draw."""

    token_ids: Sequence[int]
    """Without the end mark."""
    has_ended: bool
    """Whether an end mark was drawn after them."""
    seed: int
    """Seed of the noise that they must have been drawn with."""

    @property
    def n_steps(self) -> int:
        """Number of tokens that were drawn."""
        return len(self.token_ids) + self.has_ended


@dataclass(frozen=True)
class Receipt:
    """A completion with the lead of every token that was drawn."""

    row: Completion
    leads: Sequence[float]
    """See `leads`; shorter than the completion if the grammar forbids a token."""

    @property
    def n_lost(self) -> int:
        """Tokens after one that the grammar forbids, which cannot be checked."""
        return len(self.row.token_ids) + (self.row.ended == "eos") - len(self.leads)

    def beyond(self, tolerance: float) -> Iterator[str]:
        """Place and margin of each token that lost by more than the tolerance."""
        for number, lead in enumerate(self.leads, start=1):
            if not lead >= -tolerance:
                what = f"token {number}" if number <= len(self.row.token_ids) else "the end"
                margin = f"lacks {-lead:.3g}" if isfinite(lead) else "could not be drawn"
                yield f"{named(self.row)}, {what} {margin}"


def named(row: Completion) -> str:
    return f"{row.prompt_id} draw {row.draw}"


def judged(arm: str, receipts: Sequence[Receipt], tolerance: float) -> Finding:
    """One line about all drawn tokens of an arm.

    Args:
        tolerance: the largest margin that another machine's rounding explains.
    """
    leads = [lead for one in receipts for lead in one.leads]
    expected = f"each wins its draw, or lacks at most {tolerance:.2g}"
    if not leads:
        return Finding(STAGE, f"{arm}: drawn tokens", expected, "there is none to check", None)
    lost = [-lead for lead in leads if not lead >= 0]
    beyond = [line for one in receipts for line in one.beyond(tolerance)]
    n_lost = sum(one.n_lost for one in receipts)
    seen = {
        "tokens": len(leads) + n_lost,
        "winners": len(leads) - len(lost),
        "beyond_tolerance": len(beyond) + n_lost,
        "places_with_a_choice": sum(abs(lead) <= tolerance for lead in leads),
        "largest_margin": max((margin for margin in lost if isfinite(margin)), default=0.0),
        "tolerance": tolerance,
    }
    what = f"{arm}: {len(leads) + n_lost:,} drawn tokens in {len(receipts)} completions"
    share = 1 - len(lost) / len(leads)
    parts = [f"{len(leads) - len(lost):,} win ({100 * share:.2f} %)"]
    if narrow := [margin for margin in lost if margin <= tolerance]:
        parts.append(f"{len(narrow)} lack at most {max(narrow):.2g}")
    if beyond:
        parts.append(f"{len(beyond)} lack more: {listed(beyond)}")
    if n_lost:
        parts.append(f"{n_lost} cannot be checked after a token that the grammar forbids")
    return Finding(STAGE, what, expected, "; ".join(parts), not beyond and not n_lost, seen=seen)


def choice(found: Sequence[Finding]) -> Finding:
    """A note that says how many tokens a forger could have replaced unnoticed."""
    n, close = (int(sum(one.seen.get(key, 0) for one in found)) for key in ("tokens", "places_with_a_choice"))
    got = f"{close:,} of {n:,}, each by one token with almost the same score"
    return Finding(
        STAGE, "tokens that could be replaced unnoticed", "as few as possible", got, None, is_note=True
    )


def listed(lines: Sequence[str]) -> str:
    more = len(lines) - SHOWN
    return "; ".join(lines[:SHOWN]) + (f"; and {more:,} more" if more > 0 else "")
