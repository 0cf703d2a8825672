"""The table of docs/speed.md, between its two marks, from benchmarks/side_by_side.json."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.side_by_side.results import OURS, Line, lines_of

RESULTS = Path("benchmarks/side_by_side.json")
PAGE = Path("docs/speed.md")
MARKS = ("<!-- begin: make bench -->", "<!-- end: make bench -->")


def write_table() -> None:
    """Put the table of the present results into the page."""
    before, _, after = parts(PAGE.read_text("utf-8"))
    made = table(json.loads(RESULTS.read_text("utf-8")))
    PAGE.write_text(f"{before}{MARKS[0]}\n{made}\n{MARKS[1]}{after}", "utf-8")


def parts(page: str) -> tuple[str, str, str]:
    """What stands before, between and after the marks."""
    before, rest = page.split(MARKS[0])
    between, after = rest.split(MARKS[1])
    return before, between.strip(), after


def table(found: Mapping[str, Any]) -> str:
    """One table per machine: the machine and the limits that its runs measured, the lines, notes below."""
    lines = sorted(lines_of(found), key=_place)
    return "\n\n".join(_table([*of_machine]) for _, of_machine in groupby(lines, key=_place))


def _place(line: Line) -> str:
    """The machine and versions of a line; "quick" stands for little work."""
    of_run = line.machine
    quick = "**A quick run with little work: numbers to try the page with, not to quote.** "
    return (quick if of_run["quick"] else "") + (
        f"{of_run['cores']} cores of {of_run['processor']}, {of_run['gigabytes']:.0f} GB, Python "
        f"{of_run['python']}, torch {of_run['torch']}, transformers {of_run['transformers']}"
    )


def _table(lines: Sequence[Line]) -> str:
    commits = ", ".join(dict.fromkeys(line.machine["commit"] for line in lines))
    products, memory = (
        _range([line.limits[name] for line in lines]) for name in ("gflops", "gigabytes_per_second")
    )
    rows = [
        "| work | side | speed or time | share of the limit | peak memory | ours to it | required |",
        "|---|---|---:|---:|---:|---:|---:|",
        *(row for line in lines for row in _rows(line)),
    ]
    head = (
        f"{_place(lines[0])}, commit {commits}. Limits measured beside the lines: {products} GFLOP/s in "
        f"products, {memory} GB/s read from memory."
    )
    return "\n".join([head, "", *rows, "", *_notes(lines)]).strip()


def _range(values: Sequence[float]) -> str:
    low, high = f"{min(values):.0f}", f"{max(values):.0f}"
    return low if low == high else f"{low}–{high}"


def _rows(line: Line) -> Iterator[str]:
    for place, side in enumerate([*line.runs, *line.missing]):
        cells = [line.title if place == 0 else "", side]
        if side in line.missing:
            yield _row(*cells, "not measured", "", "", "", _bound(line, side))
            continue
        shares = "share" in line.runs[side][0]
        memory = "peak_gigabytes" in line.runs[side][0]
        yield _row(
            *cells,
            _quantity(line.value(side), line.unit),
            f"{line.value(side, 'share'):.0%}" if shares else "",
            f"{line.value(side, 'peak_gigabytes'):.2f} GB" if memory else "",
            _ratio(line, side, memory) if _is_compared(line, side) else "",
            "" if side == OURS else _bound(line, side),
        )


def _is_compared(line: Line, side: str) -> bool:
    return side != OURS and OURS in line.runs


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |".replace("  ", " ")


def _ratio(line: Line, side: str, memory: bool) -> str:
    ratio = f"{line.ratio(side):.2f} ×"
    return f"{ratio}, memory {line.ratio(side, 'peak_gigabytes'):.2f} ×" if memory else ratio


def _bound(line: Line, side: str) -> str:
    if side not in line.required:
        return ""
    bound = f"{'≥' if line.unit == 'tokens/s' else '≤'} {line.required[side]:g} ×"
    return f"{bound}: missed" if line.is_met(side) is False else bound


def _quantity(value: float, unit: str) -> str:
    if unit == "tokens/s":
        return f"{value:.0f} tokens/s"
    return f"{value / 60:.1f} min" if value >= 100 else f"{value:.2f} s"


def _notes(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        for side, note in line.notes.items():
            yield f"- {line.title}, {side}: {note}"
        for side, reason in line.missing.items():
            yield f"- {line.title}, {side}: not measured: {' '.join(reason.split())}"
