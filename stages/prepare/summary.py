"""metrics/data.json: records read, records kept, and what sampling changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import scipy

from stages.common.fields import MISSING, Field, get
from stages.common.levels import levels_of
from stages.common.records import Condition, Example, Profile
from stages.common.schema import ProfileSchema
from stages.common.variation import total_variation
from stages.prepare.checking import Checked
from stages.prepare.cleaning import CleanRecord


def summarize(checked: Checked, sampled: Sequence[CleanRecord], schema: ProfileSchema) -> dict[str, Any]:
    """Numbers of one condition; shares are in [0, 1]."""
    raw = [record.profile for record in checked.records]
    kept = [record.profile for record in sampled]
    compared = schema.by_role("protected", "attribute")
    return {
        "n_in": checked.n_raw,
        "n_refused": len(checked.refused),
        "n_duplicates": len(checked.duplicates),
        "n_sampled": len(kept),
        "n_people": len({record.source_id for record in sampled}),
        "null_rate": {field.path: null_rate(kept, field) for field in schema.fields},
        "protected": {field.path: level_shares(kept, field) for field in schema.by_role("protected")},
        "lost_by_sampling": {
            "total_variation": {field.path: _total_variation(raw, kept, field) for field in compared},
            "kolmogorov_smirnov": {field.path: _ks(raw, kept, field) for field in schema.by_role("number")},
            "n_levels_lost": sum(len(level_shares(raw, f)) - len(level_shares(kept, f)) for f in compared),
        },
    }


def people_shared_by_splits(examples: Mapping[Condition, Mapping[str, Sequence[Example]]]) -> int:
    """People who are in more than one split, over both conditions together; must be 0."""
    places = {
        (example.source_id, split)
        for by_split in examples.values()
        for split, rows in by_split.items()
        for example in rows
    }
    n_splits = Counter(source_id for source_id, _ in places)
    return sum(n > 1 for n in n_splits.values())


def null_rate(profiles: Sequence[Profile], field: Field) -> float:
    """Share of profiles in which the field is null or left out."""
    return sum(get(p, field.path) in (None, MISSING) for p in profiles) / len(profiles)


def level_shares(profiles: Sequence[Profile], field: Field) -> dict[str, float]:
    """Share of each level among all profiles; null and missing are separate levels."""
    levels = levels_of(field, profiles)
    shares = zip(levels.names, levels.shares(profiles).tolist(), strict=True)
    return {level: share for level, share in sorted(shares) if share}


def _ks(raw: Sequence[Profile], kept: Sequence[Profile], field: Field) -> float:
    """Largest difference of the cumulative shares, in [0, 1]; 0 if one side has no numbers."""
    before, after = (
        [value for p in profiles if isinstance(value := get(p, field.path), int | float)]
        for profiles in (raw, kept)
    )
    if not before or not after:
        return 0.0
    # as floats, because whole numbers can be huge
    found = scipy.stats.ks_2samp(np.array(before, dtype=float), np.array(after, dtype=float))
    return float(found.statistic)


def _total_variation(raw: Sequence[Profile], kept: Sequence[Profile], field: Field) -> float:
    levels = levels_of(field, raw)
    return total_variation(levels.shares(raw), levels.shares(kept))
