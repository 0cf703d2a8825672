"""Outcomes as JSON, and the receipt: what was verified, where and how, for others to see."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from stages.common.files import write_json
from stages.shell.machine import anonymous, machine
from thesis.verify.findings import Finding, Tier
from thesis.verify.outcome import CODES, Outcome, not_proved, proved, verdict_of
from thesis.verify.statement import MANIFEST, read_statement

RECEIPTS = Path(".work/receipts")
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
        **as_json(outcomes, others),
    }
    name = time.strftime("thesis-verify-%Y%m%dT%H%M%SZ.json", moment)
    try:
        write_json(RECEIPTS / name, _anonymous(content))
    except OSError:
        write_json(Path.home() / name, _anonymous(content))
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
    return read_statement(MANIFEST).root if MANIFEST.exists() else None


def _anonymous(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _anonymous(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_anonymous(inner) for inner in value]
    return anonymous(value) if isinstance(value, str) else value
