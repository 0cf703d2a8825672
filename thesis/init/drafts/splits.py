"""The seed of the splits, and the records of each."""

from collections import Counter
from collections.abc import Mapping, Sequence

from stages.common.records import CONDITIONS, SPLITS, Condition
from stages.common.seeds import split_of
from stages.prepare.cleaning import CleanRecord
from stages.prepare.params import PrepareParams
from stages.shell.errors import UserError

SEEDS = range(1, 201)
"""Seeds that are tried; the best comes closest to prepare.shares."""
SEEDED = 5_000
"""People from which any seed splits well enough."""


def splitting_seed(records: Mapping[Condition, Sequence[CleanRecord]], params: PrepareParams) -> int:
    """The seed whose splits come closest to the shares in both files.

    Raises:
        UserError: every seed leaves a split empty.
    """
    people = {c: sorted({record.source_id for record in records[c]}) for c in CONDITIONS}
    if min(map(len, people.values())) >= SEEDED:
        return SEEDS[0]
    shares = params.shares.model_dump()

    def distance(seed: int) -> float:
        off = 0.0
        for ids in people.values():
            sizes = Counter(split_of(one, seed=seed, shares=shares) for one in ids)
            if not all(sizes[split] for split in SPLITS):
                return float("inf")
            off += sum(abs(sizes[split] - share * len(ids)) for split, share in shares.items())
        return off

    best = min(SEEDS, key=distance)
    if distance(best) == float("inf"):
        n = ", ".join(f"{len(ids)} in {condition}" for condition, ids in people.items())
        raise UserError(
            f"Too few people for training, validation and test: {n}\nAdd people; a study needs 50 or more"
        )
    return best


def by_split(records: Sequence[CleanRecord], params: PrepareParams) -> dict[str, list[CleanRecord]]:
    found: dict[str, list[CleanRecord]] = {split: [] for split in SPLITS}
    shares = params.shares.model_dump()
    for record in records:
        found[split_of(record.source_id, seed=params.seed, shares=shares)].append(record)
    return found
