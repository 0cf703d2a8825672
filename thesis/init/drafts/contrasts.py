"""Contrasts to declare: changes of a field's shares, or of its association with other fields."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2_contingency
from scipy.stats.contingency import association

from stages.common.fields import MISSING, Field, Role, get
from stages.common.levels import label, levels_of
from stages.common.records import CONDITIONS, Condition, Profile
from stages.common.schema import ProfileSchema
from thesis.init.drafts.splicing import flow
from thesis.init.fields.kinds import MAX_LEVELS
from thesis.init.fields.naming import is_personal_name, slugs
from thesis.init.people.agreement import Differences

ORIGINAL, AUGMENTED = "<base>+lora/original", "<base>+lora/augmented"
SHOWN = "<base>+shots/original"
MAX_FIELDS, MAX_PAIRS = 4, 2
"""Few, so that each contrast keeps power after the correction for multiple tests."""
CHANCE = 0.05
"""p-value up to which a share differs between the files, corrected for the field's number of levels."""
TIED = 0.001
"""p-value up to which two fields are associated."""
LOST = 0.1
"""Smallest change of Cramér's V that counts."""
People = Mapping[Condition, Sequence[Profile]]
Counts: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Changed:
    """A level, and its share in each file among people who have a value, in [0, 1]."""

    field: Field
    level: Any
    shares: dict[Condition, float]

    @property
    def change(self) -> float:
        return self.shares["augmented"] - self.shares["original"]


@dataclass(frozen=True)
class Untied:
    """Two fields, and Cramér's V of their association in each file, in [0, 1]."""

    field: Field
    attribute: Field
    ties: dict[Condition, float]

    @property
    def change(self) -> float:
        return self.ties["augmented"] - self.ties["original"]


def most_changed(schema: ProfileSchema, people: People, training: People) -> list[Changed]:
    """The largest change of each protected field, largest first; if none changed, of each attribute.

    Only fields with few levels count. A change within chance is left out, and so are people's names, a field
    without values in one file, and a field that spells a level in two ways. The level must occur in training.
    """
    roles: tuple[Role, ...] = ("protected", "attribute")
    for role in roles:
        few = [one for one in schema.by_role(role) if one.levels or {*one.types} <= {"boolean", "null"}]
        plain = [one for one in few if not (is_personal_name(one.path) or spelled_twice(one))]
        found = [changed for field in plain if (changed := _most_changed(field, people, training))]
        if found:
            return sorted(found, key=lambda one: -abs(one.change))
    return []


def spelled_twice(field: Field) -> list[tuple[str, str]]:
    """Pairs of levels that differ only in capitals, spaces or punctuation."""
    first: dict[str, str] = {}
    pairs = [(first.setdefault(_bare(one), one), one) for one in field.levels if isinstance(one, str)]
    return [pair for pair in pairs if pair[0] != pair[1]]


def most_untied(
    schema: ProfileSchema, people: People, differ: Differences, changed: Sequence[Changed]
) -> list[Untied]:
    """For each re-assigned field with unchanged shares, the association that changed most."""
    known = {one.field.path for one in changed}
    moved = [
        field
        for field in schema.by_role("protected")
        if field.path not in known and differ.by_field[field.path] and "array" not in field.types
    ]
    others = schema.by_role("attribute", "protected", "number")
    pairs = [
        pair
        for field in moved
        for other in others
        if other is not field and "array" not in other.types and (pair := _untied(field, other, people))
    ]
    best = {one.field.path: one for one in sorted(pairs, key=lambda one: abs(one.change))}
    return sorted(best.values(), key=lambda one: -abs(one.change))


def contrasts(changed: Sequence[Changed], untied: Sequence[Untied], prompt: str) -> list[str]:
    """Entries of evaluate.contrasts in YAML's flow style; the first one is primary."""
    chosen = changed[:MAX_FIELDS]
    names = slugs(f"{one.field.path} {label(one.level)}" for one in chosen)
    shares = [
        _entry(name, prompt, f"statistic: share, {flow({'field': one.field.path, 'level': one.level})[1:-1]}")
        for name, one in zip(names, chosen, strict=True)
    ]
    valid = _entry("tuning-valid", prompt, "statistic: valid", (SHOWN, ORIGINAL))
    first, *others = [*shares, valid]
    ties = [_tie(one, f"tie-{i}", prompt) for i, one in enumerate(untied[:MAX_PAIRS], 1)]
    return [first.replace(", prompt:", ", primary: true, prompt:", 1), *others, *ties]


def _bare(level: str) -> str:
    return "".join(letter for letter in level.casefold() if letter.isalnum()) or level


def _tie(one: Untied, name: str, prompt: str) -> str:
    """The entry of an association, which needs the draws of the calibration."""
    pair = flow({"field": one.field.path, "attribute": one.attribute.path})[1:-1]
    return _entry(name, prompt, f"statistic: association, {pair}, calibration_only: true")


def _entry(name: str, prompt: str, what: str, arms: tuple[str, str] = (ORIGINAL, AUGMENTED)) -> str:
    return f"{{id: {name}, prompt: {prompt}, {what},\n       arm_a: {arms[0]}, arm_b: {arms[1]}}}"


def _most_changed(field: Field, people: People, training: People) -> Changed | None:
    counts = {c: Counter(map(label, _values(field, people[c]))) for c in CONDITIONS}
    totals = {c: counts[c].total() for c in CONDITIONS}
    everyone = [profile for of_file in training.values() for profile in of_file]
    by_label = {label(value): value for value in _values(field, everyone)}
    known = [name for name in levels_of(field, everyone).known if name in by_label]
    if not known or not all(totals.values()):
        return None

    def change(name: str) -> float:
        return abs(
            counts["augmented"][name] / totals["augmented"] - counts["original"][name] / totals["original"]
        )

    most = max(known, key=change)
    table = [[counts[c][most], totals[c] - counts[c][most]] for c in CONDITIONS]
    if _p_value(table) * max(1, len(known) - 1) > CHANCE:
        return None
    return Changed(field, by_label[most], {c: counts[c][most] / totals[c] for c in CONDITIONS})


def _untied(field: Field, other: Field, people: People) -> Untied | None:
    tables = {c: _crossed(field, other, people[c]) for c in CONDITIONS}
    if any(min(table.shape) < 2 or max(table.shape) > MAX_LEVELS for table in tables.values()):
        return None
    if min(map(_p_value, tables.values())) > TIED:
        return None
    ties = {c: float(association(table, method="cramer")) for c, table in tables.items()}
    found = Untied(field, other, ties)
    return found if abs(found.change) >= LOST else None


def _crossed(field: Field, other: Field, people: Sequence[Profile]) -> Counts:
    """People by level of `field` (rows) and of `other` (columns); numbers are cut at their quartiles."""
    pairs = [(get(one, field.path), get(one, other.path)) for one in people]
    kept = [pair for pair in pairs if all(value is not MISSING and value is not None for value in pair)]
    if other.role == "number" and kept:
        quarters = np.quantile([b for _, b in kept], [0.25, 0.5, 0.75])
        kept = [(a, int(np.searchsorted(quarters, b))) for a, b in kept]
    rows, columns = ([label(pair[i]) for pair in kept] for i in (0, 1))
    return pd.crosstab(np.array(rows), np.array(columns)).to_numpy()


def _values(field: Field, people: Sequence[Profile]) -> list[Any]:
    found = (get(one, field.path) for one in people)
    return [value for value in found if value is not MISSING and value is not None]


def _p_value(table: Any) -> float:
    """Pearson's chi-squared test; 1 where a row or a column is empty."""
    counts = np.array(table)
    if min(counts.sum(axis=0).min(), counts.sum(axis=1).min()) == 0:
        return 1.0
    return float(chi2_contingency(counts, correction=False).pvalue)
