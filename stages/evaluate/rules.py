"""Is a profile consistent in itself? `x-rules` broken, beside the dataset's own rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals import Rate, rate
from stages.evaluate.rows import NotComputed, Row

ANY = "(any)"


@dataclass(frozen=True)
class RuleRow(Row):
    """rules.csv; n = profiles parsed, or people of the reference."""

    rule: str
    """Its id, or "(any)": profiles that break at least one."""
    of: str
    """`generated` or `reference`."""
    n: int
    n_broken: int
    rate: Rate


def rules(cell: Cell, study: Study) -> Iterator[Row]:
    if not study.schema.rules:
        yield NotComputed(*cell.key, "rules", "", "the schema has no x-rules")
        return
    if cell.profiles:
        yield from _rows(cell, study, "generated", [draw.broken_rules for draw in cell.parsed])
    else:
        yield NotComputed(*cell.key, "rules", "", "no profile parsed")
    if cell.reference.reason is None:
        own = [study.schema.broken_rules(profile) for profile in cell.reference.profiles]
        yield from _rows(cell, study, "reference", own)
    else:
        yield NotComputed(*cell.key, "rules of the reference", "", cell.reference.reason)


def _rows(cell: Cell, study: Study, of: str, broken: Sequence[Sequence[str]]) -> Iterator[Row]:
    n = len(broken)
    counts = {ANY: sum(bool(ids) for ids in broken)}
    counts |= {rule.id: sum(rule.id in ids for ids in broken) for rule in study.schema.rules}
    for rule, n_broken in counts.items():
        yield RuleRow(*cell.key, rule, of, n, n_broken, rate(n_broken, n, study.params.confidence))
