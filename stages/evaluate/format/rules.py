"""Is a profile consistent in itself? Count the rules it breaks, beside the dataset's own rate.

`x-rules` compare fields with fields, `x-text-rules` what a text says with fields. Only profiles that a
rule applies to can break it: leaving fields out does not make an arm more consistent.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from stages.common.fields import MISSING, get
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.common.tables.base import NotComputed, Row
from stages.common.tables.format import ANY, RuleRow, TextRuleRow
from stages.common.text_rules import TextRule
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals.rates import Tally


@dataclass(frozen=True)
class _Kind:
    """One of the two lists of rules."""

    row: type[RuleRow]
    table: str
    key: str
    """The key of the list in the schema."""
    ids: Sequence[str]
    applying: Callable[[Profile], Sequence[str]]
    broken: Callable[[Profile], Sequence[str]]


def rules(cell: Cell, study: Study) -> Iterator[Row]:
    schema = study.schema
    ids = [rule.id for rule in schema.rules]
    applying = partial(applying_rules, schema=schema)
    yield from _of_kind(cell, study, _Kind(RuleRow, "rules", "x-rules", ids, applying, schema.broken_rules))


def text_rules(cell: Cell, study: Study) -> Iterator[Row]:
    schema, key = study.schema, "x-text-rules"
    ids = [rule.id for rule in schema.text_rules]
    applying = partial(applying_text_rules, schema=schema)
    kind = _Kind(TextRuleRow, "text_rules", key, ids, applying, schema.broken_text_rules)
    yield from _of_kind(cell, study, kind)


def applying_rules(profile: Profile, schema: ProfileSchema) -> list[str]:
    """The ids of the `x-rules` whose `if` holds: those that a profile can break."""
    return [rule.id for rule in schema.rules if rule.applies_to(profile)]


def applying_text_rules(profile: Profile, schema: ProfileSchema) -> list[str]:
    """The ids of the `x-text-rules` that a profile can break: it has the words and a field they are about."""
    return [rule.id for rule in schema.text_rules if _can_contradict(rule, profile)]


def _can_contradict(rule: TextRule, profile: Profile) -> bool:
    text = get(profile, rule.text)
    if not rule.found_in(text):
        return False
    then = None if rule.consequence is None else rule.consequence.schema
    about = [*_leaves(then)] if isinstance(then, Mapping) else [rule.equals]
    there = any(get(profile, path or "") is not MISSING for path in about)
    return there or not about or rule.broken_by(profile)


def _leaves(then: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The paths that a `then` says something about."""
    for key, child in then.get("properties", {}).items():
        inner = isinstance(child, dict) and "properties" in child
        yield from _leaves(child, f"{prefix}{key}.") if inner else [f"{prefix}{key}"]


def _of_kind(cell: Cell, study: Study, kind: _Kind) -> Iterator[Row]:
    if not kind.ids:
        yield NotComputed(**cell.where, table=kind.table, reason=f"the schema has no {kind.key}")
        return
    sides = {"generated": cell.profiles, "reference": cell.reference.profiles}
    units = {"generated": cell.parsed_units, "reference": range(len(cell.reference.profiles))}
    counts = {of: _counts(kind, profiles, units[of]) for of, profiles in sides.items()}
    for of, profiles in sides.items():
        reason = cell.reference.reason if of == "reference" else None
        if reason or not profiles:
            yield _left_out(cell, kind, of, reason or "no profile parsed")
        else:
            yield from _rows(cell, study, kind, of, counts[of])


def _counts(kind: _Kind, profiles: Sequence[Profile], units: Sequence[Hashable]) -> dict[str, Tally]:
    """Whether each profile that a rule applies to breaks it, by rule."""
    rows = [(set(kind.applying(profile)), set(kind.broken(profile))) for profile in profiles]
    held = list(zip(rows, units, strict=True))
    counts = {ANY: [(bool(broken), unit) for (applying, broken), unit in held if applying]}
    for rule in kind.ids:
        counts[rule] = [(rule in broken, unit) for (applying, broken), unit in held if rule in applying]
    return {
        rule: Tally([has for has, _ in found], [unit for _, unit in found]) for rule, found in counts.items()
    }


def _rows(cell: Cell, study: Study, kind: _Kind, of: str, counts: Mapping[str, Tally]) -> Iterator[Row]:
    n = len(cell.profiles if of == "generated" else cell.reference.profiles)
    people = "profiles parsed" if of == "generated" else "people"
    if not counts[ANY].n:
        yield _left_out(cell, kind, of, f"no rule applies ({people}: {n})")
        return
    for rule, found in counts.items():
        if found.n:
            share = found.rate(study.params.confidence)
            yield kind.row(
                **cell.where, rule=rule, of=of, n=n, n_applies=found.n, n_broken=found.k, rate=share
            )
        else:
            yield _left_out(cell, kind, of, f"applies to none ({people}: {n})", rule)


def _left_out(cell: Cell, kind: _Kind, of: str, reason: str, rule: str = "") -> NotComputed:
    contrast = "" if of == "generated" else of
    return NotComputed(**cell.where, table=kind.table, field=rule, contrast=contrast, reason=reason)
