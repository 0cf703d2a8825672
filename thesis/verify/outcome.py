"""What came out of the tiers: the verdict, what was proved and what was not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from thesis.verify.findings import Finding, Tier

Verdict: TypeAlias = Literal["same", "differs", "not checked"]
CODES: dict[Verdict, int] = {"same": 0, "differs": 1, "not checked": 2}
"""Exit codes."""


@dataclass(frozen=True)
class Outcome:
    """A tier that was run."""

    tier: Tier
    findings: Sequence[Finding]
    seconds: float

    @property
    def verdict(self) -> Verdict:
        if any(finding.is_wrong for finding in self.findings):
            return "differs"
        shown = any(finding.is_same and not finding.is_note for finding in self.findings)
        return "same" if shown and not any(finding.is_open for finding in self.findings) else "not checked"


def verdict_of(outcomes: Sequence[Outcome]) -> Verdict:
    """The worst verdict."""
    return max((outcome.verdict for outcome in outcomes), key=["same", "not checked", "differs"].index)


def proved(outcomes: Sequence[Outcome]) -> list[str]:
    """What the tiers proved in which everything was the same."""
    return [line for outcome in outcomes if outcome.verdict == "same" for line in outcome.tier.proves]


def not_proved(outcomes: Sequence[Outcome], others: Sequence[Tier]) -> list[str]:
    """What failed, what was not checked, what the tiers cannot show, and the tiers that were not run."""
    failed = [
        f"Nothing by tier {one.tier.number}: {_count(one)}" for one in outcomes if one.verdict != "same"
    ]
    unchecked = [
        f"Not checked: {finding.stage}, {finding.what}: {finding.got}"
        for one in outcomes
        for finding in one.findings
        if finding.is_same is None
    ]
    limits = [line for one in outcomes for line in one.tier.does_not]
    left = [f"Tier {tier.number} was not run: {tier.title} It takes {tier.takes}." for tier in others]
    return [*failed, *unchecked, *limits, *left]


def _count(outcome: Outcome) -> str:
    n_wrong = sum(finding.is_wrong for finding in outcome.findings)
    n_open = sum(finding.is_open for finding in outcome.findings)
    differ = "1 finding differs" if n_wrong == 1 else f"{n_wrong} findings differ"
    said = [differ] * bool(n_wrong) + [f"{n_open} could not be checked"] * bool(n_open)
    return ", ".join(said)
