"""Outcomes as JSON, and the receipt: what was verified, where and how, for others to see."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from stages.common.files import write_json
from stages.common.shown import visible
from stages.shell.errors import UserError
from stages.shell.machine import anonymous, machine
from thesis.verify.findings import Finding, Tier
from thesis.verify.outcome import CODES, Outcome, not_proved, proved, verdict_of
from thesis.verify.statement import MANIFEST, read_statement

RECEIPTS = Path(".work/receipts")
FREE = {"expected", "got", "not_proved"}
"""Keys of texts that can hold a path or a name: messages of git, of a stage that failed."""
FORMAT = "llama-thesis receipt, version 1"


def as_json(outcomes: Sequence[Outcome], others: Sequence[Tier]) -> dict[str, Any]:
    """Verdict, tiers with all findings, and the two lists."""
    verdict = verdict_of(outcomes)
    return {
        "verdict": verdict,
        "exit_code": CODES[verdict],
        "tiers": [_tier(outcome) for outcome in outcomes],
        "proved": proved(outcomes),
        "not_proved": not_proved(outcomes, others),
    }


def write_receipt(outcomes: Sequence[Outcome], others: Sequence[Tier]) -> Path:
    """Write the receipt; its path.

    It goes to .work/receipts, or to the home folder if the project is on read-only media. It holds no path
    and no name of the user or the computer.
    """
    moment = time.gmtime()
    content = {
        "format": FORMAT,
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", moment),
        "manifest": _root_digest(),
        "machine": machine(),
        **_anonymous(as_json(outcomes, others)),
    }
    name = time.strftime("thesis-verify-%Y%m%dT%H%M%SZ.json", moment)
    try:
        write_json(RECEIPTS / name, content)
    except OSError:
        write_json(Path.home() / name, content)
        return Path.home() / name
    return RECEIPTS / name


def _tier(outcome: Outcome) -> dict[str, Any]:
    return {
        "number": outcome.tier.number,
        "title": outcome.tier.title,
        "verdict": outcome.verdict,
        "seconds": outcome.seconds,
        "findings": [_finding(finding) for finding in outcome.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return asdict(finding) | {"seen": dict(finding.seen)}


def _root_digest() -> str | None:
    """Name of the verified release: the digest of all its files."""
    try:
        return read_statement(MANIFEST).root
    except UserError:  # none, or damaged: tier 1 says so
        return None


def _anonymous(value: Any, key: str = "") -> Any:
    """The values without paths and names, but for the texts that come from our own code."""
    if isinstance(value, dict):
        return {name: _anonymous(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_anonymous(inner, key) for inner in value]
    if not isinstance(value, str):
        return value
    return visible(anonymous(value) if key in FREE else value)
