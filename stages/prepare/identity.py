"""People without an id of their own: who is who by what a record says and how often it is said."""

import dataclasses
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from stages.common.fields import leaves
from stages.common.records import Condition, Profile
from stages.common.schema import ProfileSchema
from stages.common.seeds import seed_for
from stages.prepare.checking import Checked
from stages.prepare.cleaning import CleanRecord


def with_derived_ids(checked: Mapping[Condition, Checked], schema: ProfileSchema) -> dict[Condition, Checked]:
    """Give each record without an id one of its own.

    The k-th record with some content has the same id in both files. The content is that of the
    unprotected fields which both files have; a null says as much as a field left out.
    """
    told = _told(checked, schema)
    found = {}
    for condition, one in checked.items():
        counts = Counter[str]()
        records = [_with_id(record, told, counts) for record in one.records]
        found[condition] = dataclasses.replace(one, records=records)
    return found


def derivation(checked: Mapping[Condition, Checked]) -> list[str]:
    """What is to be said where ids were derived: who is alike, and who finds no twin; [] with own ids."""
    ids = {c: [r.source_id for r in found.records if not r.has_own_id] for c, found in checked.items()}
    if not any(ids.values()):
        return []
    lines = [
        f"{c}: {n} of {len(ids[c])} records are like an earlier one in all unprotected fields; as no record "
        "has an id, they are kept as different people"
        for c, one in checked.items()
        if (n := sum(record.nth > 1 for record in one.records))
    ]
    for condition, mine in ids.items():
        others = {one for c, theirs in ids.items() if c != condition for one in theirs}
        if lone := sum(one not in others for one in mine):
            lines.append(
                f"{condition}: {lone} of {len(mine)} records find no twin in the other file by their "
                "unprotected fields; give every person an id in both files if they have one"
            )
    return lines


def _with_id(record: CleanRecord, told: frozenset[str], counts: Counter[str]) -> CleanRecord:
    if record.has_own_id:
        return record
    content = json.dumps([[path, v] for path, v in facts(record.profile) if path in told], ensure_ascii=False)
    counts[content] += 1
    nth = counts[content]
    names = (content,) if nth == 1 else (content, nth)
    return dataclasses.replace(record, source_id=f"{seed_for(*names):016x}", nth=nth)


def _told(checked: Mapping[Condition, Checked], schema: ProfileSchema) -> frozenset[str]:
    """Unprotected fields that say something in every file."""
    said = defaultdict[Condition, set[str]](set)
    for condition, found in checked.items():
        for record in found.records:
            if not record.has_own_id:
                said[condition].update(path for path, _ in facts(record.profile))
    protected = {field.path for field in schema.by_role("protected")}
    return frozenset(set.intersection(*said.values()) - protected) if said else frozenset()


def facts(profile: Profile) -> Iterator[tuple[str, Any]]:
    """Dotted path and value of all that is said, without nulls, those in lists too."""
    for path, value in leaves(profile):
        if (bare := _bare(value)) not in (None, {}):
            yield path, bare


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: bare for key, inner in value.items() if (bare := _bare(inner)) is not None}
    return [_bare(inner) for inner in value] if isinstance(value, list) else value
