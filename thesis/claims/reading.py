"""The value at the place that a claim names."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any

from stages.common.files import read_json, read_text
from stages.common.params import read_yaml
from stages.common.shown import brief, listed
from stages.shell.errors import UserError
from thesis.claims.manifest import Claim, Value

TAKEN: dict[str, Callable[[list[Any]], Value]] = {
    "smallest": min,
    "largest": max,
    "mean": fmean,
    "sum": sum,
}


class Results:
    """The files of the results below a folder; each is read once."""

    def __init__(self, folder: Path = Path()) -> None:
        self.folder = folder
        self._tree, self._rows = cache(self._read_tree), cache(self._read_rows)

    def value(self, claim: Claim) -> Value:
        """What the file holds now.

        Raises:
            UserError: the file is missing, or holds no or several such values.
        """
        if claim.pointer is not None:
            found = pointed(self._tree(claim.file), claim.pointer, claim.file)
        else:
            found = self._cell(claim)
        if isinstance(found, bool) or not isinstance(found, Value):
            raise UserError(f"{claim.place}: {brief(str(found), 60)} is no number and no text")
        if isinstance(found, str) != (claim.shown_as == "text"):
            raise UserError(f"{claim.place}: {found!r} cannot be shown as {claim.shown_as}")
        return found

    def _cell(self, claim: Claim) -> Value:
        rows = self._fitting(claim)
        if claim.take == "number":
            return len(rows)
        cells = [as_value(row[str(claim.column)], claim) for row in rows]
        return TAKEN[claim.take](cells) if claim.take else cells[0]

    def wheres(self, claim: Claim) -> list[dict[str, str]]:
        """The rows that a claim's value is taken of, each as what its other columns hold."""
        return [
            {name: cell for name, cell in row.items() if name != claim.column} for row in self._fitting(claim)
        ]

    def _fitting(self, claim: Claim) -> list[Mapping[str, str]]:
        """The rows that fit; exactly one without `take`."""
        rows = self._rows(claim.file)
        wanted = claim.row or {}
        known = list(rows[0]) if rows else []
        unknown = [column for column in [claim.column, *wanted] if column not in known]
        if unknown:
            raise UserError(f"{claim.file}: no column {listed(map(str, unknown))}; there are {listed(known)}")
        found = [row for row in rows if all(_fits(row[name], text) for name, text in wanted.items())]
        if not found or (len(found) > 1 and not claim.take):
            plural = "s" * (len(found) != 1)
            raise UserError(f"{claim.place}: {len(found) or 'no'} row{plural} of {len(rows)} fit")
        return found

    def _read_tree(self, file: str) -> Any:
        return (read_json if file.endswith(".json") else read_yaml)(self.folder / file)

    def _read_rows(self, file: str) -> Sequence[Mapping[str, str]]:
        return [*csv.DictReader(io.StringIO(read_text(self.folder / file)))]


def as_value(cell: str, claim: Claim) -> Value:
    """A cell of a CSV file as a number, or as text if the claim is about text."""
    if claim.shown_as == "text":
        return cell
    try:
        return int(cell) if cell.lstrip("-").isdigit() else float(cell)
    except ValueError:
        raise UserError(f"{claim.place}: {cell or 'an empty cell'} is no number") from None


def _fits(cell: str, text: str) -> bool:
    return cell.startswith(text[:-1]) if text.endswith("*") else cell == text


def pointed(tree: Any, pointer: str, file: str) -> Any:
    """The value at a JSON pointer (RFC 6901).

    >>> pointed({"a/b": [5, 6]}, "/a~1b/1", "a.json")
    6
    """
    value = tree
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            there = listed(value) if isinstance(value, dict) else type(value).__name__
            raise UserError(f"{file}: {pointer}: {key!r} not found among {there}")
    return value
