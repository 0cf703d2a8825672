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
from stages.common.tables.base import Row
from stages.common.tables.format import ANY, RuleRow, TextRuleRow
from stages.common.text_rules import TextRule
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals.rates import Tally


@dataclass(frozen=True)
class _Kind:
    """One of the two lists of rules."""

    row: type[RuleRow]
    table: str
    ids: Sequence[str]
    applying: Callable[[Profile], Sequence[str]]
    broken: Callable[[Profile], Sequence[str]]


def rules(cell: Cell, study: Study) -> Iterator[Row]:
    schema = study.schema
    ids, applying = [rule.id for rule in schema.rules], partial(applying_rules, schema=schema)
    return _rows(cell, study, _Kind(RuleRow, "rules", ids, applying, schema.broken_rules))


def text_rules(cell: Cell, study: Study) -> Iterator[Row]:
    schema = study.schema
    ids, applying = [rule.id for rule in schema.text_rules], partial(applying_text_rules, schema=schema)
    return _rows(cell, study, _Kind(TextRuleRow, "text_rules", ids, applying, schema.broken_text_rules))


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


def _rows(cell: Cell, study: Study, kind: _Kind) -> Iterator[Row]:
    if not kind.ids:
        yield cell.left_out(kind.table, f"the schema has no x-{kind.table.replace('_', '-')}")
        return
    people, everyone = cell.reference, range(len(cell.reference.profiles))
    for of, contrast, what, reason, profiles, units in (
        ("generated", "", "profiles parsed", None, cell.profiles, cell.parsed_units),
        ("reference", "reference", "people", people.reason, people.profiles, everyone),
    ):
        counts, n = _counts(kind, profiles, units), len(profiles)
        if reason or not counts[ANY].n:
            reason = reason or (f"no rule applies ({what}: {n})" if n else "no profile parsed")
            yield cell.left_out(kind.table, reason, contrast=contrast)
            continue
        for rule, found in counts.items():
            if not found.n:
                reason = f"applies to none ({what}: {n})"
                yield cell.left_out(kind.table, reason, rule, contrast=contrast)
                continue
            share = found.rate(study.params.confidence)
            yield kind.row(
                **cell.where, rule=rule, of=of, n=n, n_applies=found.n, n_broken=found.k, rate=share
            )


def _counts(kind: _Kind, profiles: Sequence[Profile], units: Sequence[Hashable]) -> dict[str, Tally]:
    """Whether each profile that a rule applies to breaks it, by rule."""
    held = [(kind.applying(one), kind.broken(one), unit) for one, unit in zip(profiles, units, strict=True)]
    counts = {ANY: [(bool(broken), unit) for applying, broken, unit in held if applying]}
    for rule in kind.ids:
        counts[rule] = [(rule in broken, unit) for applying, broken, unit in held if rule in applying]
    return {
        name: Tally([has for has, _ in found], [unit for _, unit in found]) for name, found in counts.items()
    }
