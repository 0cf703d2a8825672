"""What the terminal shows of the claims."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stages.common.phrases import many
from stages.common.shown import listed, on_one_line
from thesis.claims.checking import Checked, Word
from thesis.claims.manifest import CLAIMS, Manifest
from thesis.claims.manuscript.counting import Counted
from thesis.claims.updating import Change

MARKS: dict[Word, str] = {"pass": "✓ pass", "moved": "≈ pass", "fail": "✗ FAIL"}
COLORS: dict[Word, str] = {"pass": "green", "moved": "yellow", "fail": "bold red"}


def print_checked(console: Console, checked: Sequence[Checked], pages: Sequence[Checked]) -> None:
    """Print a line for each claim, and the sentences of pages that are out of date."""
    shown = [*checked, *(page for page in pages if page.word != "pass")]
    width = max(len(one.name) for one in shown)
    for one in shown:
        place = f"{one.told:<16} {one.place if one.found is not None else ''}"  # `told` has the place already
        line = Text.assemble((MARKS[one.word], COLORS[one.word]), "  ", on_one_line(f"{one.name:<{width}}"))
        console.print(line.append(f"  {on_one_line(place.rstrip())}"), soft_wrap=True)


def summary(checked: Sequence[Checked], pages: Sequence[Checked]) -> str:
    """How many claims pass, which fail, and what to do about them.

    >>> summary([Checked("a", "pass", "1")], [])
    '1 of 1 claims pass'
    """
    failing = [one.name for one in checked if one.word == "fail"]
    told = [f"{len(checked) - len(failing)} of {len(checked)} claims pass"]
    if moved := sum(one.word == "moved" for one in checked):
        told.append(f"{moved} of them with other digits than the text has")
    if pages:
        old = sum(one.word == "fail" for one in pages)
        told.append(f"{len(pages) - old} of {len(pages)} sentences of the project's pages are up to date")
    lines = ["; ".join(told)] + ([f"Failing: {listed(failing, 6)}"] if failing else [])
    return "\n".join([*lines, remedy(checked)] if failing or moved else lines)


def remedy(checked: Sequence[Checked]) -> str:
    """What to do about claims that do not pass."""
    if any(one.found is None for one in checked):
        return f"Correct the places without a value in {CLAIMS}, or run what writes the file (dvc repro)"
    return "After a new run: thesis claims --update"


def print_unsupported(console: Console, manifest: Manifest) -> None:
    """Print what the results do not support, each with its reason."""
    console.print(f"\nWhat these results do not support ({len(manifest.unsupported)}):")
    for one in manifest.unsupported:
        console.print(_text(f"  ✗ {one.claim}"), _text(f"    {one.reason}"), sep="\n", soft_wrap=True)


def print_changes(console: Console, changes: Sequence[Change]) -> None:
    """Print the values that were replaced."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for one in changes:
        table.add_row(_text(one.name), _text(one.told))
    console.print(table)
    console.print(f"{many(len(changes), 'change')}; tolerances and sentences stayed as they are\n")


def print_counted(console: Console, counted: Counted, unit: str) -> None:
    """Print the numbers that no claim binds, with their place, and how many the others are."""
    for old in counted.old:
        both = [f"{unit} {old.line}: has {old.found!r}", f"    {old.claim} now says {old.expected!r}"]
        console.print(*map(_text, both), sep="\n", soft_wrap=True)
    for one in counted.unbound:
        hint = f"  (the digits of {', '.join(one.alike)})" if one.alike else ""
        console.print(_text(f"{unit} {one.line}: {one.text} in “… {one.context} …”{hint}"), soft_wrap=True)
    if counted.absent:
        told = f"{many(len(counted.absent), 'claim')} not in the text: {listed(counted.absent, 6)}"
        console.print(_text(told), soft_wrap=True)
    aside = ", ".join(f"{rule}: {n}" for rule, n in counted.aside.items() if n)
    console.print(f"Set aside: {aside or 'nothing'}")
    told = f"{many(counted.n_bound, 'number')} bound, {counted.n_elsewhere} from elsewhere"
    outdated = many(len(counted.old), "sentence")
    console.print(f"{told}, {len(counted.unbound)} bound by no claim, {outdated} out of date", soft_wrap=True)


def as_json(checked: Sequence[Checked], pages: Sequence[Checked], manifest: Manifest) -> dict[str, Any]:
    """`{"claims": [...], "pages": [...], "unsupported": [...]}`."""
    return {
        "claims": [asdict(one) | {"value": manifest.claims[one.name].value} for one in checked],
        "pages": [*map(asdict, pages)],
        "unsupported": [one.model_dump() for one in manifest.unsupported],
    }


def print_sentences(console: Console, sentences: Mapping[str, str]) -> None:
    """Print each sentence with its numbers, to copy into a text."""
    for name, sentence in sentences.items():
        console.print(Text(f"[{name}]", "dim"), Text(f"{on_one_line(sentence)}\n"), sep="\n", soft_wrap=True)


def _text(words: str) -> Text:
    return Text(on_one_line(words))
