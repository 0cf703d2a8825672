"""Bring claims.yaml and the project's own pages up to date after a run."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stages.common.files import read_text, write_text
from stages.shell.errors import mistakes
from thesis.claims.checking import Checked, check_claims, printed_now
from thesis.claims.manifest import CLAIMS, Manifest, Value
from thesis.claims.printing import printed
from thesis.claims.reading import Results
from thesis.claims.slots import renewed
from thesis.init.drafts.splicing import Key, spliced


@dataclass(frozen=True)
class Change:
    """A value of claims.yaml that the results no longer have, or a page with old numbers."""

    name: str
    told: str


def update(manifest: Manifest, results: Results, path: Path = CLAIMS) -> list[Change]:
    """Write the present values into claims.yaml and the pages: no tolerance, no word of a sentence.

    Raises:
        UserError: a value cannot be read; then nothing is written.
    """
    checked = [*check_claims(manifest, results)]
    unread = [f"{one.name}: {one.told}" for one in checked if one.found is None]
    if unread:
        remedy = "Nothing was written. Correct the places, or run the stage that writes the file"
        raise mistakes(f"{path}: {len(unread)} of {len(checked)} values cannot be read", unread, remedy)
    values: dict[Key, Value] = {
        ("claims", one.name, "value"): one.found
        for one in checked
        if one.found is not None and one.found != manifest.claims[one.name].value
    }
    pages = renewed_pages(manifest, printed_now(manifest, checked))
    if values:
        write_text(path, spliced(read_text(path), values))
    for page, text in pages.items():
        write_text(page, text)
    return [*_told(checked, manifest), *(Change(str(page), "numbers renewed") for page in pages)]


def renewed_pages(manifest: Manifest, texts: dict[str, str]) -> dict[Path, str]:
    """The pages that change, with their new text."""
    changed = {}
    for page, sentences in manifest.pages.items():
        before = after = read_text(Path(page))
        for sentence in sentences:
            after = renewed(after, sentence, texts)
        if after != before:
            changed[Path(page)] = after
    return changed


def _told(checked: list[Checked], manifest: Manifest) -> Iterator[Change]:
    for one in checked:
        claim = manifest.claims[one.name]
        if one.found is not None and one.found != claim.value:
            before, now = printed(claim.value, claim), printed(one.found, claim)
            digits = f"{before} → {now}" if before != now else f"{now}, same digits"
            yield Change(one.name, f"{claim.value} → {one.found} ({digits})")
