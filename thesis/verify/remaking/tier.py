"""Tier 2: prepare, collect, evaluate, report and score's summary again, compared file by file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from stages.common.phrases import many
from thesis.verify.artifacts import SUMMARY
from thesis.verify.findings import Finding, Tier, unchecked
from thesis.verify.hashing import files_below
from thesis.verify.lock import Records
from thesis.verify.remaking.differing import ABSOLUTE, RELATIVE, Difference, difference
from thesis.verify.remaking.making import STAGES, make, replaced
from thesis.verify.remaking.platform import platform_of

PROVES = (
    "The prepared data follow from the raw data, and the collected answers from the pasted ones.",
    "Every number, table and figure follows from the completions and losses that are here, by this code.",
)
TOLERANCE = f"{RELATIVE:g} of a number, or {ABSOLUTE:g}; in reports/ its last digit, or 0.01 of a coordinate"
EXACT, CLOSE = "the same bytes", "the same bytes, or numbers within the tolerance"
DOES_NOT = (
    "By tiers 1 and 2 alone: that the completions and losses came from these adapters.",
    f"On another platform than the author's, differences within the tolerance: {TOLERANCE}.",
)


def check(root: Path) -> Iterator[Finding]:
    described = Records(root).described
    for stage in STAGES:
        outputs = [*described[stage].carried, *described[stage].kept]
        yield from _again(root, stage, [SUMMARY.as_posix()] if stage == "score" else outputs)


def _again(root: Path, stage: str, outputs: Sequence[str]) -> Iterator[Finding]:
    """A stage made again: one finding per output, or per file of a folder that differs."""
    on_platform = platform_of(root, stage)
    yield on_platform
    with replaced(root, outputs) as expected:
        if failed := make(root, stage):
            yield unchecked(stage, "made again", failed)
            return
        for output in outputs:
            yield from _compared(stage, output, expected, root, is_exact=on_platform.is_same is True)


def _compared(stage: str, output: str, expected: Path, made: Path, *, is_exact: bool) -> Iterator[Finding]:
    """Findings about the files of an output.

    Args:
        is_exact: whether the bytes must be equal.
    """
    names = {home: _files(home, output) for home in (expected, made)}
    if not names[expected]:
        yield unchecked(stage, output, "made again, but there is none to compare with: not pulled")
        return
    every = sorted({*names[expected], *names[made]})
    found = [_finding(stage, name, expected, made, is_exact=is_exact) for name in every]
    same = [finding for finding in found if finding.is_same]
    if same:
        yield _together(stage, output, same)
    yield from (finding for finding in found if not finding.is_same)


def _files(home: Path, output: str) -> list[str]:
    """Files of an output, as paths in the project."""
    if (home / output).is_dir():
        return [f"{output}/{name}" for name in files_below(home / output)]
    return [output] if (home / output).is_file() else []


def _finding(stage: str, name: str, expected: Path, made: Path, *, is_exact: bool) -> Finding:
    told = EXACT if is_exact else CLOSE
    if not (expected / name).is_file() or not (made / name).is_file():
        got = "not made" if (expected / name).is_file() else "made, but not there before"
        return Finding(stage, name, told, got, False)
    found = difference(expected / name, made / name, name)
    if found is None:
        return Finding(stage, name, told, EXACT, True)
    is_same = not found.where and not is_exact
    tolerance = 0.0 if is_exact else RELATIVE
    seen = {"n_numbers": found.n_numbers, "largest_difference": found.largest, "tolerance": tolerance}
    return Finding(stage, name, told, _told(found, is_exact=is_exact), is_same, seen=seen)


def _told(found: Difference, *, is_exact: bool) -> str:
    close = f"{many(found.n_numbers, 'number differs', 'numbers differ')}, by {found.largest:.1e} at most"
    end = "on the platform of the recorded run" if is_exact else "within the tolerance"
    return found.where or f"{close}: {end}"


def _together(stage: str, output: str, same: Sequence[Finding]) -> Finding:
    """One finding about the files of an output that are the same."""
    close = [finding for finding in same if finding.seen]
    largest = max((finding.seen["largest_difference"] for finding in close), default=0.0)
    n = many(len(same), "file")
    within = f"numbers differ in {len(close)}, by {largest:.1e} at most: within the tolerance"
    got = f"{n}: {within if close else EXACT}"
    n_numbers = sum(finding.seen["n_numbers"] for finding in close)
    seen = {"n_numbers": n_numbers, "largest_difference": largest, "tolerance": RELATIVE} if close else {}
    return Finding(stage, output, f"{n}: {same[0].expected}", got, True, seen=seen)


TIER = Tier(
    number=2,
    title="Do the numbers follow from the artifacts?",
    takes="one to three minutes",
    proves=PROVES,
    does_not=DOES_NOT,
    check=check,
)
