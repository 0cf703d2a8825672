"""The steps of `thesis verify`."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import chdir
from pathlib import Path

import typer
from rich.console import Console

from stages.common.shown import json_shown
from stages.shell.errors import UserError
from thesis.verify.findings import DAMAGE, Finding, Tier, unchecked, why
from thesis.verify.outcome import CODES, Outcome, verdict_of
from thesis.verify.receipt import as_json as outcomes_as_json
from thesis.verify.receipt import write_receipt
from thesis.verify.scratch import scratch_clone
from thesis.verify.showing import Printer, print_beginning, print_end
from thesis.verify.tiers import Options, chosen, others

LOCK = Path("dvc.lock")


def run_verify(numbers: Collection[int], options: Options, *, as_json: bool, receipt: bool) -> int:
    """Run the tiers on the project in this folder; the exit code.

    Args:
        numbers: tiers that a person chose.
    """
    console = Console(highlight=False, quiet=as_json)
    if not LOCK.exists():
        typer.echo(f"{LOCK}: not found. Run this from the project's folder.", err=True)
        return CODES["not checked"]
    tiers, left = chosen(numbers, options), others(numbers, options)
    print_beginning(console, tiers)
    outcomes = [run_tier(tier, Path.cwd(), Printer(console)) for tier in tiers]
    print_end(console, outcomes, left)
    if as_json:
        typer.echo(json_shown(outcomes_as_json(outcomes, left)))
    if receipt:
        console.print(f"Receipt: {write_receipt(outcomes, left)}", soft_wrap=True)
    return CODES[verdict_of(outcomes)]


def run_tier(tier: Tier, root: Path, printer: Printer) -> Outcome:
    """Run one tier; what stops it becomes a finding.

    Args:
        root: the project, from which a scratch clone is made if the tier needs one.
    """
    printer.begin(tier)
    start, findings = time.monotonic(), []
    for finding in _findings(tier, root):
        findings.append(finding)
        printer.show(finding)
    return Outcome(tier, findings, round(time.monotonic() - start, 1))


def _findings(tier: Tier, root: Path) -> Iterator[Finding]:
    try:
        if tier.only_reads:
            yield from _within(root, tier.check)
        else:
            with scratch_clone(root) as clone:
                yield from _within(clone, tier.check)
    except (UserError, *DAMAGE) as error:
        yield unchecked("this tier", "the checks that follow", why(error))


def _within(folder: Path, check: Callable[[Path], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of a check that runs with a folder as the current one."""
    with chdir(folder):
        yield from check(folder)
