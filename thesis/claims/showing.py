"""What the terminal shows of the claims."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stages.common.shown import listed, on_one_line
from thesis.claims.checking import Checked, Word
from thesis.claims.manifest import Manifest
from thesis.claims.manuscript.counting import Counted
from thesis.claims.updating import Change

MARKS: dict[Word, str] = {"pass": "✓ pass", "moved": "≈ pass", "fail": "✗ FAIL"}
COLORS: dict[Word, str] = {"pass": "green", "moved": "yellow", "fail": "bold red"}


def print_checked(console: Console, checked: Sequence[Checked], pages: Sequence[Checked]) -> None:
    """Print a line for each claim, and the sentences of pages that are out of date."""
    shown = [*checked, *(page for page in pages if page.word != "pass")]
    width = max(len(one.name) for one in shown)
    for one in shown:
        place = f"{one.told:<16} {one.place}" if one.word == "pass" else f"{one.told}  {one.place}"
        line = Text.assemble((MARKS[one.word], COLORS[one.word]), "  ", on_one_line(f"{one.name:<{width}}"))
        console.print(line.append(f"  {on_one_line(place.rstrip())}"), soft_wrap=True)
    console.print(summary(checked, pages))


def summary(checked: Sequence[Checked], pages: Sequence[Checked]) -> str:
    """How many claims pass, and what to do about the others.

    >>> summary([Checked("a", "pass", "1")], [])
    '1 of 1 claims pass'
    """
    failed = sum(one.word == "fail" for one in checked)
    told = [f"{len(checked) - failed} of {len(checked)} claims pass"]
    if moved := sum(one.word == "moved" for one in checked):
        told.append(f"{moved} of them with other digits than the text has")
    if pages:
        old = sum(one.word == "fail" for one in pages)
        told.append(f"{len(pages) - old} of {len(pages)} sentences of the project's pages are up to date")
    told += ["after a new run: thesis claims --update"] if failed or moved else []
    return "; ".join(told)


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
    console.print(
        f"{len(changes)} change{'s' * (len(changes) != 1)}; tolerances and sentences stayed as they are\n"
    )


def print_counted(console: Console, counted: Counted, unit: str) -> None:
    """Print the numbers that no claim binds, with their place, and how many the others are."""
    for old in counted.old:
        both = [f"{unit} {old.line}: has {old.found!r}", f"    {old.claim} now says {old.expected!r}"]
        console.print(*map(_text, both), sep="\n", soft_wrap=True)
    for one in counted.unbound:
        hint = f"  (the digits of {', '.join(one.alike)})" if one.alike else ""
        console.print(_text(f"{unit} {one.line}: {one.text} in “… {one.context} …”{hint}"), soft_wrap=True)
    if counted.absent:
        console.print(_text(f"{len(counted.absent)} claims not in the text: {listed(counted.absent, 6)}"))
    aside = ", ".join(f"{rule}: {n}" for rule, n in counted.aside.items() if n)
    console.print(f"Set aside: {aside or 'nothing'}")
    told = f"{counted.n_bound} numbers bound, {counted.n_elsewhere} from elsewhere"
    console.print(
        f"{told}, {len(counted.unbound)} bound by no claim, {len(counted.old)} sentences out of date"
    )


def as_json(checked: Sequence[Checked], pages: Sequence[Checked], manifest: Manifest) -> dict[str, Any]:
    """`{"claims": [...], "pages": [...], "unsupported": [...]}`."""
    return {
        "claims": [
            {"name": one.name, "result": one.word, "told": one.told, "place": one.place, "found": one.found}
            | {"value": manifest.claims[one.name].value}
            for one in checked
        ],
        "pages": [{"page": one.name, "result": one.word, "told": one.told} for one in pages],
        "unsupported": [one.model_dump() for one in manifest.unsupported],
    }


def print_sentences(console: Console, sentences: Mapping[str, str]) -> None:
    """Print each sentence with its numbers, to copy into a text."""
    for name, sentence in sentences.items():
        console.print(Text(f"[{name}]", "dim"), Text(f"{on_one_line(sentence)}\n"), sep="\n", soft_wrap=True)


def _text(words: str) -> Text:
    return Text(on_one_line(words))
