"""Contrasts to declare: for each protected field the level whose share the augmentation changed most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stages.common.fields import MISSING, Field, get
from stages.common.levels import NULL, label, levels_of
from stages.common.records import CONDITIONS, Condition, Profile
from thesis.init.naming import slugs
from thesis.init.splicing import flow

ORIGINAL, AUGMENTED = "<base>+lora/original", "<base>+lora/augmented"
SHOWN = "<base>+shots/original"
MAX_FIELDS = 4
"""So that each contrast keeps some power after correction for their number."""


@dataclass(frozen=True)
class Changed:
    """A level, and its share in either file, in [0, 1]."""

    field: Field
    level: Any
    shares: dict[Condition, float]

    @property
    def change(self) -> float:
        return self.shares["augmented"] - self.shares["original"]


def most_changed(
    fields: Sequence[Field],
    people: Mapping[Condition, Sequence[Profile]],
    training: Mapping[Condition, Sequence[Profile]],
) -> list[Changed]:
    """One a field, largest change first; a list has no such level, and training must know it."""
    plain = [field for field in fields if "array" not in field.types and field.types != ("null",)]
    found = [changed for field in plain if (changed := _most_changed(field, people, training))]
    return sorted(found, key=lambda one: -abs(one.change))


def contrasts(changed: Sequence[Changed], prompt: str) -> list[str]:
    """Entries of evaluate.contrasts as YAML's flow style, the first one primary."""
    chosen = changed[:MAX_FIELDS]
    names = slugs(f"{one.field.path} {label(one.level)}" for one in chosen)
    shares = [
        _entry(name, prompt, f"statistic: share, {flow({'field': one.field.path, 'level': one.level})[1:-1]}")
        for name, one in zip(names, chosen, strict=True)
    ]
    valid = _entry("tuning-valid", prompt, "statistic: valid", (SHOWN, ORIGINAL))
    first, *others = [*shares, valid]
    return [first.replace(", prompt:", ", primary: true, prompt:", 1), *others]


def _entry(name: str, prompt: str, what: str, arms: tuple[str, str] = (ORIGINAL, AUGMENTED)) -> str:
    return f"{{id: {name}, prompt: {prompt}, {what},\n       arm_a: {arms[0]}, arm_b: {arms[1]}}}"


def _most_changed(
    field: Field,
    people: Mapping[Condition, Sequence[Profile]],
    training: Mapping[Condition, Sequence[Profile]],
) -> Changed | None:
    everyone = [profile for of_file in training.values() for profile in of_file]
    levels = levels_of(field, everyone)
    shares = {c: dict(zip(levels.names, levels.shares(people[c]).tolist(), strict=True)) for c in CONDITIONS}
    by_label = {label(value): value for one in everyone if (value := get(one, field.path)) is not MISSING}
    known = [name for name in levels.known if name != NULL and name in by_label]
    if not known:
        return None
    most = max(known, key=lambda name: abs(shares["augmented"][name] - shares["original"][name]))
    return Changed(field, by_label[most], {c: shares[c][most] for c in CONDITIONS})
