"""How tables under metrics/ are read: columns that the report does not show are passed over."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

from stages.common.cells import unguarded
from stages.common.files import read_text


class TableRow(BaseModel):
    """A row of a CSV; columns that the report does not show are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _empty_is_none(cls, found: dict[str, Any]) -> dict[str, Any]:
        """An empty place is None in columns that allow it."""
        optional = {name for name, field in cls.model_fields.items() if field.default is None}
        return {name: None if name in optional and value == "" else value for name, value in found.items()}


class CellRow(TableRow):
    """About one arm under one asked prompt."""

    arm: str
    prompt: str
    n_readable: int | None = None
    n_drawn: int | None = None
    """All draws, of which n_readable could be read; n of a row are those of them with valid values."""

    @property
    def key(self) -> tuple[str, str]:
        return self.arm, self.prompt


class BandedRow(CellRow):
    """With a null band."""

    n: int
    band_low: float
    band_high: float


class MaybeBandedRow(CellRow):
    """With a null band, unless its draws hang together."""

    n: int
    band_low: float | None = None
    band_high: float | None = None

    def is_above(self, value: float) -> bool:
        return self.band_high is not None and value > self.band_high

    def is_below(self, value: float) -> bool:
        return self.band_low is not None and value < self.band_low


R = TypeVar("R", bound=TableRow)


def read_table(path: Path, model: type[R]) -> list[R]:
    """The rows of a CSV that a stage wrote; a level named NA stays text."""
    return [model.model_validate(row) for row in _rows(path)]


def read_joined(paths: Sequence[Path], model: type[R], *keys: str) -> list[R]:
    """The rows of several CSVs that are about the same things, joined by `keys`; each may lack some."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for path in paths:
        for row in _rows(path):
            found.setdefault(tuple(row[key] for key in keys), {}).update(row)
    return [model.model_validate(row) for row in found.values()]


def _rows(path: Path) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(read_text(path), newline=""))
    return [{key: unguarded(cell) for key, cell in row.items()} for row in rows]
