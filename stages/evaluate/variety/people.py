"""The people of a split, and how close profiles come to them."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from stages.common.fields import Role, canonical, get
from stages.common.levels import label
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.common.tables.variety import WHOLE
from stages.evaluate.arrays import Floats
from stages.evaluate.values.content import content
from stages.evaluate.values.distance import Gower
from stages.evaluate.variety.overlap import Texts

MAX_READ = 20_000
"""Characters of a text that are looked for among the people's; each takes some microseconds."""
LONGEST, SHARE, RUNS = "longest_substring", "longest_substring_share", "overlap_8_words"
NEAREST = "nearest_distance"

Closeness: TypeAlias = dict[tuple[str, str], Floats]
"""A number per profile, by measure and field: shape (n,); NaN where it has no such text."""


class People:
    """People to compare with; their texts are sorted once."""

    def __init__(
        self, profiles: Sequence[Profile], schema: ProfileSchema, ranges: Mapping[str, float]
    ) -> None:
        self._schema = schema
        self._owners = [self._owner(profile) for profile in profiles]
        self._texts = {
            field: Texts([_text(profile, field) for profile in profiles], self._owners)
            for field in (WHOLE, *_paths(schema, "text"))
        }
        if _paths(schema, "protected", "attribute", "number"):
            self._gower = Gower(schema, ranges)
            self._arrays = self._gower.arrays(profiles)

    def closeness(self, profiles: Sequence[Profile], *, leave_out_own: bool = False) -> Closeness:
        """How close every profile is to the closest person; itself and its twins may be left out."""
        but = [self._owner(profile) if leave_out_own else None for profile in profiles]
        found: Closeness = {}
        for field in self._texts:
            found |= self._of_texts(field, [_text(profile, field) for profile in profiles], but)
        if _paths(self._schema, "protected", "attribute", "number"):
            found[NEAREST, WHOLE] = self._nearest(profiles, but)
        return found

    def _of_texts(self, field: str, texts: Sequence[str], but: Sequence[str | None]) -> Closeness:
        here = self._texts[field]
        pairs = list(zip(texts, but, strict=True))
        longest = {pair: float(here.longest(*pair)) if pair[0] else np.nan for pair in {*pairs}}
        runs = {pair: here.share_of_runs(*pair) for pair in {*pairs}}
        characters = np.array([longest[pair] for pair in pairs])
        return {
            (LONGEST, field): characters,
            (SHARE, field): characters / np.maximum([len(text) for text in texts], 1),
            (RUNS, field): np.array([runs[pair] for pair in pairs], float),
        }

    def _nearest(self, profiles: Sequence[Profile], but: Sequence[str | None]) -> Floats:
        """The distance to the nearest person: shape (n,). It takes a block of profiles at a time."""
        rows = self._gower.arrays([content(profile, self._schema) for profile in profiles])
        numbers = {name: i for i, name in enumerate(dict.fromkeys(self._owners))}
        owners = np.array([numbers[name] for name in self._owners])
        left_out = np.array([-1 if name is None else numbers.get(name, -1) for name in but])
        nearest = np.empty(len(profiles))
        for part, apart in self._gower.blocks(rows, self._arrays):
            own = left_out[part, None] == owners
            nearest[part] = np.where(own | np.isnan(apart), np.inf, apart).min(axis=1)
        return np.where(np.isinf(nearest), np.nan, nearest)

    def _owner(self, profile: Profile) -> str:
        """One name for a person and its augmented twins, which differ in protected fields alone."""
        return " ".join(
            label(get(profile, path)) for path in _paths(self._schema, "attribute", "number", "text")
        )


def _paths(schema: ProfileSchema, *roles: Role) -> list[str]:
    return [field.path for field in schema.by_role(*roles)]


def _text(profile: Profile, field: str) -> str:
    """The text of a field, its beginning if it is longer than any profile's; empty if there is none."""
    text = canonical(profile) if field == WHOLE else get(profile, field)
    return text[:MAX_READ] if isinstance(text, str) else ""
