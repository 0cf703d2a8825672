"""Is a profile consistent in itself? Rules broken, beside the dataset's own rate.

`x-rules` hold fields against fields, `x-text-rules` what a text says against fields.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from stages.common.evaluated import EvaluatedProfile
from stages.common.records import Profile
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


@dataclass(frozen=True)
class TextRuleRow(RuleRow):
    """text_rules.csv; the same of `x-text-rules`."""


@dataclass(frozen=True)
class _Kind:
    """One of the two lists of rules."""

    row: type[RuleRow]
    name: str
    """Of the statistic."""
    key: str
    """In the schema."""
    ids: Sequence[str]
    generated: Callable[[EvaluatedProfile], Sequence[str]]
    reference: Callable[[Profile], Sequence[str]]


def rules(cell: Cell, study: Study) -> Iterator[Row]:
    schema = study.schema
    ids = [rule.id for rule in schema.rules]
    kind = _Kind(RuleRow, "rules", "x-rules", ids, lambda draw: draw.broken_rules, schema.broken_rules)
    yield from _of_kind(cell, study, kind)


def text_rules(cell: Cell, study: Study) -> Iterator[Row]:
    schema, name = study.schema, "text rules"
    ids = [rule.id for rule in schema.text_rules]
    kind = _Kind(
        TextRuleRow, name, "x-text-rules", ids, lambda draw: draw.broken_text_rules, schema.broken_text_rules
    )
    yield from _of_kind(cell, study, kind)


def _of_kind(cell: Cell, study: Study, kind: _Kind) -> Iterator[Row]:
    if not kind.ids:
        yield NotComputed(*cell.key, kind.name, "", f"the schema has no {kind.key}")
        return
    if cell.profiles:
        yield from _rows(cell, study, kind, "generated", [kind.generated(draw) for draw in cell.parsed])
    else:
        yield NotComputed(*cell.key, kind.name, "", "no profile parsed")
    if cell.reference.reason is None:
        own = [kind.reference(profile) for profile in cell.reference.profiles]
        yield from _rows(cell, study, kind, "reference", own)
    else:
        yield NotComputed(*cell.key, f"{kind.name} of the reference", "", cell.reference.reason)


def _rows(cell: Cell, study: Study, kind: _Kind, of: str, broken: Sequence[Sequence[str]]) -> Iterator[Row]:
    n = len(broken)
    counts = {ANY: sum(bool(ids) for ids in broken)}
    counts |= {rule: sum(rule in ids for ids in broken) for rule in kind.ids}
    for rule, n_broken in counts.items():
        yield kind.row(*cell.key, rule, of, n, n_broken, rate(n_broken, n, study.params.confidence))
