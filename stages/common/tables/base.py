"""What the rows of all tables share, and how their fields become columns."""

from dataclasses import dataclass, fields, is_dataclass
from typing import Any, ClassVar, Literal, TypeAlias

ALL = "(all)"
"""Marks a row about no single arm, no single prompt or no single table."""
ROW = "(row)"
"""Entry of `independent` where the whole row needs independent draws."""

Part: TypeAlias = Literal["value", "interval", "band"]


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A share in [0, 1] with its Clopper-Pearson interval; three columns of a table."""

    rate: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Band:
    """Where a number lies among those of perfect samplers at the same n; three columns of a table."""

    band_low: float | None = None
    """`band_low` and `band_high`: the middle `confidence` of the perfect samplers.

    None for profiles that hang together: perfect samplers draw people one by one.
    """
    band_high: float | None = None
    percentile: float | None = None
    """The number's place among them, 0 to 100; ties count half."""

    @property
    def ends(self) -> tuple[float | None, float | None]:
        return self.band_low, self.band_high

    def is_above(self, value: float) -> bool:
        """Whether a value lies above the band; False if there is none."""
        return self.band_high is not None and value > self.band_high

    def is_below(self, value: float) -> bool:
        """Whether a value lies below the band; False if there is none."""
        return self.band_low is not None and value < self.band_low


NO_BAND = Band()


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row about one arm under one asked prompt."""

    independent: ClassVar[tuple[str, ...]]
    """Columns that are left empty where draws hang together, because they need independent draws."""

    def __init_subclass__(cls, independent: tuple[str, ...] | None = None) -> None:
        if independent is not None:
            cls.independent = independent

    arm: str
    prompt: str
    """The id of the asked prompt."""

    @property
    def key(self) -> tuple[str, str]:
        return self.arm, self.prompt


@dataclass(frozen=True, kw_only=True)
class ReadRow(Row):
    """A row about draws that could be read, or about those that have what is measured: these are `n`.

    `study` fills in both counts, of all that the row is about.
    """

    n_drawn: int | None = None
    n_readable: int | None = None
    """How many of these draws could be read."""


@dataclass(frozen=True, kw_only=True)
class NotComputed(Row, independent=()):
    """not_computed.csv: what is left out, and why."""

    table: str
    """A key of TABLES; `headline`; ALL, where nothing was drawn, or `part` of every table is left out."""
    part: Part = "value"
    """`value` is the whole row."""
    field: str = ""
    """The field, pair of fields, rule or source; "" if it is about the whole profile."""
    contrast: str = ""
    """The one comparison, side or measure of the table that it is about; else ""."""
    reason: str


def columns(kind: type[Row]) -> list[str]:
    """The columns of a table; a part that is a dataclass takes one for each of its fields.

    >>> columns(NotComputed)
    ['arm', 'prompt', 'table', 'part', 'field', 'contrast', 'reason']
    """
    names = flat_names(kind)
    if issubclass(kind, ReadRow):
        beside = ["n_readable", "n_drawn"]
        names = [name for name in names if name not in beside]
        after = 1 + names.index("n")
        names[after:after] = beside
    return names


def flat_names(kind: Any) -> list[str]:
    """The names of a dataclass's fields, those of inner dataclasses in place."""
    return [
        name
        for column in fields(kind)
        for name in (flat_names(column.type) if is_dataclass(column.type) else [column.name])
    ]
