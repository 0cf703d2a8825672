"""Completions whose tokens no model can read: each is counted and named, and none is dropped in silence."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from stages.common.records import Completion
from stages.common.shown import listed
from thesis.verify.findings import Finding, unchecked
from thesis.verify.replay.receipts import STAGE, named

if TYPE_CHECKING:
    from thesis.verify.replay.again import Loaded


def unread(loaded: "Loaded", rows: Sequence[Completion]) -> Iterator[Finding]:
    """One line about the completions of each reason."""
    found: dict[str, list[Completion]] = {}
    for row in rows:
        if reason := loaded.unreadable(row):
            found.setdefault(reason, []).append(row)
    for reason, of_reason in found.items():
        told = listed(f"{row.arm} {named(row)}" for row in of_reason)
        yield unchecked(STAGE, f"tokens of {len(of_reason)} of {len(rows)} completions", f"{reason}: {told}")
