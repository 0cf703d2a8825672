"""A seeded stratified sample of people."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from stages.common.fields import MISSING, get
from stages.common.schema import ProfileSchema
from stages.common.seeds import seed_for
from stages.prepare.cleaning import CleanRecord
from stages.prepare.params import SampleParams
from stages.shell.errors import UserError


def sample(
    records: Sequence[CleanRecord], params: SampleParams, seed: int, schema: ProfileSchema
) -> list[CleanRecord]:
    """The records of the drawn people, in their order; all of them if `params.n` is null.

    Whom a stratum gives is decided by a hash of seed and source_id, and the strata are
    unprotected: twins are drawn together although each file is sampled by itself.
    """
    _refuse_strata(params.strata, schema)
    first_record = {record.source_id: record for record in reversed(records)}
    if params.n is None:
        return list(records)
    if params.n > len(first_record):
        raise UserError(f"prepare.sample.n is {params.n}, but there are {len(first_record)} people")
    strata = _strata(first_record, params.strata)
    kept: set[str] = set()
    for stratum, n in allocate({key: len(people) for key, people in strata.items()}, params.n).items():
        kept |= {*sorted(strata[stratum], key=lambda person: seed_for("sample", seed, person))[:n]}
    return [record for record in records if record.source_id in kept]


def allocate(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """Proportional allocation by largest remainders (Hamilton's method); together n.

    >>> allocate({"a": 60, "b": 30, "c": 10}, 5)
    {'a': 3, 'b': 2, 'c': 0}
    """
    total = sum(sizes.values())
    shares = {key: divmod(n * size, total) for key, size in sizes.items()}
    missing = n - sum(quota for quota, _ in shares.values())
    by_remainder = sorted(sizes, key=lambda key: (-shares[key][1], key))
    return {key: shares[key][0] + (key in by_remainder[:missing]) for key in sizes}


def _strata(people: Mapping[str, CleanRecord], paths: Sequence[str]) -> dict[str, list[str]]:
    columns = [_levels([get(record.profile, path) for record in people.values()]) for path in paths]
    strata = defaultdict(list)
    for person, *levels in zip(people, *columns, strict=True):
        strata[" × ".join(levels)].append(person)
    return dict(sorted(strata.items()))


def _levels(values: Sequence[object]) -> list[str]:
    """Level of a value: itself, or the quartile of a number; null and missing are levels too."""
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    cuts = np.quantile(numbers, [0.25, 0.5, 0.75]) if len({*numbers}) > 4 else None
    return [
        f"quartile {1 + int(np.searchsorted(cuts, value))}"
        if cuts is not None and isinstance(value, int | float) and not isinstance(value, bool)
        else ("missing" if value is MISSING else repr(value))
        for value in values
    ]


def _refuse_strata(paths: Sequence[str], schema: ProfileSchema) -> None:
    allowed = [field.path for field in schema.by_role("attribute", "number")]
    wrong = [path for path in paths if path not in allowed]
    if wrong:
        raise UserError(
            f"prepare.sample.strata: {', '.join(wrong)}: not an attribute or number of the schema\n"
            "Protected fields cannot be strata: twins differ in them, and would not be drawn together\n"
            f"There are: {', '.join(allowed)}"
        )
