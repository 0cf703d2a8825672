"""Compare each claim with the results, and each page of the project with the claims."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from stages.common.files import read_text
from stages.shell.errors import UserError
from thesis.claims.manifest import Claim, Manifest, Value
from thesis.claims.printing import printed
from thesis.claims.reading import Results
from thesis.claims.slots import filled, spread, with_any_numbers

Word: TypeAlias = Literal["pass", "moved", "fail"]
LAST_DIGITS = 1e-9
"""Relative difference that another processor's order of summing may cause."""


@dataclass(frozen=True)
class Checked:
    """What became of one claim, or of one sentence of a page.

    `moved`: within the tolerance, but other digits are printed. It passes where someone made the
    results again; the author's own text is then out of date.
    """

    name: str
    word: Word
    told: str
    place: str = ""
    found: Value | None = None


def check_claims(manifest: Manifest, results: Results) -> Iterator[Checked]:
    """One outcome for each claim."""
    for name, claim in manifest.claims.items():
        try:
            found = results.value(claim)
        except UserError as error:
            yield Checked(name, "fail", str(error), claim.place)
            continue
        word, told = compared(claim, found)
        yield Checked(name, word, told, claim.place, found)


def compared(claim: Claim, found: Value) -> tuple[Word, str]:
    """Whether the value that was found carries the claim, and the reason."""
    now, before = printed(found, claim), printed(claim.value, claim)
    if isinstance(found, str) or isinstance(claim.value, str):
        return ("pass", now) if found == claim.value else ("fail", f"{before!r} expected, {now!r} found")
    untrue = [
        *([f"{now}; the sentence is true only above {claim.above:g}"] if not _over(found, claim) else []),
        *([f"{now}; the sentence is true only below {claim.below:g}"] if not _under(found, claim) else []),
    ]
    if untrue:
        return "fail", untrue[0]
    if not _near(found, claim.value, claim.tolerance):
        moved = f"{before} expected, {now} found: {found:g} differs by {abs(found - claim.value):.3g}"
        return "fail", f"{moved}, and {claim.tolerance:g} is allowed"
    if now != before:
        return "moved", f"{now}, where {before} is printed: within {claim.tolerance:g}"
    return "pass", now


def check_pages(manifest: Manifest, texts: Mapping[str, str], folder: Path = Path()) -> Iterator[Checked]:
    """One outcome for each sentence of the project's own pages.

    Args:
        texts: what the results print for each claim.
    """
    for page, sentences in manifest.pages.items():
        content = read_text(folder / page)
        for sentence in sentences:
            expected = " ".join(filled(sentence, texts).split())
            if re.search(spread(expected), content):
                yield Checked(page, "pass", expected)
                continue
            old = with_any_numbers(sentence).search(content)
            found = f"it has {' '.join(old[0].split())!r}" if old else "it has no such sentence"
            yield Checked(page, "fail", f"{expected!r} expected, {found}")


def printed_now(manifest: Manifest, checked: Sequence[Checked]) -> dict[str, str]:
    """What the results print for each claim; the old value where they have none."""
    pairs = ((one, manifest.claims[one.name]) for one in checked)
    return {one.name: printed(claim.value if one.found is None else one.found, claim) for one, claim in pairs}


def sentences_now(manifest: Manifest, texts: Mapping[str, str]) -> dict[str, str]:
    """The thesis's sentences by claim, with what the results print."""
    return {name: filled(text, texts) for name, text in manifest.sentences() if name in manifest.claims}


def _over(found: float, claim: Claim) -> bool:
    return claim.above is None or found > claim.above


def _under(found: float, claim: Claim) -> bool:
    return claim.below is None or found < claim.below


def _near(found: float, value: float, tolerance: float) -> bool:
    return math.isclose(found, value, rel_tol=LAST_DIGITS, abs_tol=tolerance)
