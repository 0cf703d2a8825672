"""Rows of the pipeline's files: whose they are, how many there are, and their seeds and splits."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from stages.common.evaluated import EvaluatedProfile
from stages.common.files import read_json, read_records
from stages.common.params import load_params
from stages.common.pasted import Pasted
from stages.common.records import (
    CONDITIONS,
    SPLITS,
    Completion,
    Condition,
    Example,
    ProfileLoss,
    Record,
    Split,
)
from stages.common.seeds import split_of
from stages.prepare.params import PrepareParams
from thesis.verify.artifacts import COLLECTED, DATA, GENERATED, HELD_OUT, PREPARED, PROFILES, SCORES
from thesis.verify.findings import Finding, compared, unchecked

TOLERANCE = 1e-6
"""Relative difference of a loss and the sum of its fields, which were summed in another order."""
R = TypeVar("R", bound=Record)


People: TypeAlias = Mapping[tuple[Condition, Split], Sequence[Example]]


def _people() -> People | str:
    """Prepared people; which files of them are not there, if some are not."""
    files = {(c, s): PREPARED / c / f"{s}.jsonl" for c in CONDITIONS for s in SPLITS}
    if absent := [str(file) for file in files.values() if not file.exists()]:
        return f"not there: {', '.join(absent)}"
    return {key: read_records(file, Example) for key, file in files.items()}


def _rows(file: Path, model: type[R]) -> list[R] | None:
    """The rows of a file; None if it is not there."""
    return read_records(file, model) if file.exists() else None


def prepared() -> Iterator[Finding]:
    """Numbers of prepared people, and their splits."""
    people = _people()
    if isinstance(people, str):
        yield unchecked("prepare", "rows", people)
        return
    params = load_params(PrepareParams, section="prepare")
    shares = params.shares.model_dump()
    for condition in CONDITIONS:
        expected = read_json(DATA)[condition]["n"]
        found: dict[str, int] = {split: len(people[condition, split]) for split in SPLITS}
        yield compared("prepare", f"people of {condition}, by {DATA}", _counts(expected), _counts(found))
    wrong = [
        row.source_id
        for (_, split), rows in people.items()
        for row in rows
        if split_of(row.source_id, seed=params.seed, shares=shares) != split
    ]
    n = sum(map(len, people.values()))
    yield _all("prepare", f"splits of {n} people, derived again from ids and seed", wrong)


def _counts(n: Mapping[str, int]) -> str:
    """
    >>> _counts({"train": 240, "test": 80})
    '240 train, 80 test'
    """
    return ", ".join(f"{count} {name}" for name, count in n.items())


def scored(base: str) -> Iterator[Finding]:
    """Losses of held-out people.

    Args:
        base: the word after `base:` of params.yaml.
    """
    people, losses = _people(), _rows(SCORES, ProfileLoss)
    if isinstance(people, str) or losses is None:
        yield unchecked("score", "rows", people if isinstance(people, str) else f"not there: {SCORES}")
        return
    arms = [f"{base}/none", *(f"{base}+lora/{condition}" for condition in CONDITIONS)]
    expected = [
        (arm, condition, split, row.source_id)
        for arm in arms
        for condition in CONDITIONS
        for split in HELD_OUT
        for row in people[condition, split]
    ]
    found = [(row.arm, row.data, row.split, row.source_id) for row in losses]
    yield same_rows("score", "losses of every held-out person under every arm", expected, found)
    wrong = [f"{row.arm} {row.data} {row.source_id}" for row in losses if not _adds_up(row)]
    yield _all("score", f"{len(losses)} losses as sums of their fields'", wrong)


def _adds_up(row: ProfileLoss) -> bool:
    nll = math.fsum(field.nll for field in row.fields.values())
    n_tokens = sum(field.n_tokens for field in row.fields.values())
    return n_tokens == row.n_tokens and math.isclose(nll, row.nll, rel_tol=TOLERANCE)


def evaluated() -> Iterator[Finding]:
    """Profiles of all completions."""
    generated, collected = _rows(GENERATED, Completion), _rows(COLLECTED, Pasted)
    profiles = _rows(PROFILES, EvaluatedProfile)
    if generated is None or collected is None or profiles is None:
        yield unchecked("evaluate", "rows", f"{GENERATED}, {COLLECTED} or {PROFILES} is not there")
        return
    expected = [(row.arm, row.prompt_id, row.draw) for row in [*generated, *collected]]
    found = [(row.arm, row.prompt_id, row.draw) for row in profiles]
    yield same_rows("evaluate", "profiles of every completion", expected, found)


def same_rows(stage: str, what: str, expected: Iterable[Any], found: Iterable[Any]) -> Finding:
    """Two lists that must hold the same rows, in any order."""
    wanted, there = Counter(expected), Counter(found)
    lacking, added = wanted - there, there - wanted
    told = f"{wanted.total()} rows"
    if not lacking and not added:
        return Finding(stage, what, told, told, True)
    got = f"{there.total()} rows; {_some('lacking', lacking)}{_some('too many', added)}"
    return Finding(stage, what, told, got.rstrip("; "), False)


def _some(word: str, rows: Counter[Any]) -> str:
    if not rows:
        return ""
    more = f" and {rows.total() - 1} more" if rows.total() > 1 else ""
    return f"{word}: {' '.join(map(str, next(iter(rows))))}{more}; "


def _all(stage: str, what: str, wrong: list[str]) -> Finding:
    got = f"{len(wrong)} differ: {', '.join(wrong[:3])}" if wrong else "all"
    return Finding(stage, what, "all", got, not wrong)
