"""The loss of each field of held-out people under each arm, and what it gains on plain frequencies."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import scipy

from stages.common.fields import Field, get
from stages.common.records import Condition, Profile
from stages.common.seeds import seed_for
from stages.common.tables.base import ALL, NotComputed, Row
from stages.common.tables.learning import CONTENT, STRUCTURE, FieldLossRow, GainRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.learning.base_gains import base_gains
from stages.evaluate.learning.frequencies import costs
from stages.evaluate.params import EvaluateParams
from stages.evaluate.references import Scored
from stages.evaluate.rows import rows_of

RESAMPLES = 2_000
NEEDED = 3
"""People that an interval needs."""

PerPerson: TypeAlias = Mapping[str, float]
"""Nats by source_id."""
Pairs: TypeAlias = tuple[PerPerson, PerPerson]
"""Losses of a field, and what its frequencies cost."""


def learning(cells: Sequence[Cell], study: Study) -> Iterator[Row]:
    """Every arm that was scored, on the people of both datasets."""
    groups: dict[tuple[str, Condition], list[Scored]] = {}
    for one in study.scored:
        groups.setdefault((one.loss.arm, one.loss.data), []).append(one)
    rows = [row for key, people in sorted(groups.items()) for row in _of_a_group(*key, people, study)]
    yield from rows
    yield from base_gains(rows_of(FieldLossRow, rows))


def _of_a_group(arm: str, data: Condition, people: Sequence[Scored], study: Study) -> Iterator[Row]:
    head, content = (arm, data, study.params), list[Pairs]()
    structure = _by_person((one.loss.source_id, one.loss.fields[""].nll) for one in people)
    yield _loss_row(*head, (STRUCTURE, ""), structure)
    for field in study.schema.fields:
        free = [one for one in people if field.path not in one.given and field.path in one.loss.fields]
        losses = _by_person((one.loss.source_id, one.loss.fields[field.path].nll) for one in free)
        if losses:
            yield _loss_row(*head, (field.path, field.role), losses)
        if not losses or field.role == "text":
            continue
        expected = _expected(field, free, study.training[data])
        if missing := len(losses) - len(expected):
            reason = f"{missing} of {len(losses)} people have a value whose frequency is not known"
            yield NotComputed(
                arm=arm,
                prompt=ALL,
                table="frequency_gains",
                field=field.path,
                contrast=data,
                reason=reason,
            )
            continue
        yield _gain_row(*head, (field.path, field.role), losses, expected)
        content.append((losses, expected))
    if content:
        losses, expected = (_sums(some) for some in zip(*content, strict=True))
        yield _loss_row(*head, (CONTENT, ""), losses)
        yield _gain_row(*head, (CONTENT, ""), losses, expected)


def _expected(field: Field, people: Sequence[Scored], training: Sequence[Profile]) -> PerPerson:
    """What the frequencies cost each person; without people whose value has no known frequency."""
    cost = costs(field, training)
    found = [(one.loss.source_id, cost(get(one.profile, field.path))) for one in people]
    unknown = {person for person, nats in found if nats is None}
    return _by_person((person, nats or 0.0) for person, nats in found if person not in unknown)


def _by_person(found: Iterable[tuple[str, float]]) -> PerPerson:
    """The mean of each person's records."""
    nats: dict[str, list[float]] = {}
    for person, one in found:
        nats.setdefault(person, []).append(one)
    return {person: float(np.mean(nats[person])) for person in sorted(nats)}


def _sums(fields: Sequence[PerPerson]) -> PerPerson:
    people = sorted({person for field in fields for person in field})
    return {person: sum(field.get(person, 0.0) for field in fields) for person in people}


def _loss_row(
    arm: str, data: str, params: EvaluateParams, about: tuple[str, str], losses: PerPerson
) -> FieldLossRow:
    loss, ends = _mean(losses, params, "loss", arm, data, about[0])
    return FieldLossRow(
        arm=arm,
        prompt=ALL,
        data=data,
        field=about[0],
        role=about[1],
        n=len(losses),
        loss=loss,
        low=ends[0],
        high=ends[1],
    )


def _gain_row(
    arm: str,
    data: str,
    params: EvaluateParams,
    about: tuple[str, str],
    losses: PerPerson,
    expected: PerPerson,
) -> GainRow:
    gains = {person: expected[person] - losses[person] for person in losses}
    gain, ends = _mean(gains, params, "gain", arm, data, about[0])
    loss, by_frequency = (float(np.mean([*some.values()])) for some in (losses, expected))
    return GainRow(
        arm=arm,
        prompt=ALL,
        data=data,
        field=about[0],
        role=about[1],
        n=len(losses),
        loss=loss,
        loss_frequencies=by_frequency,
        gain=gain,
        low=ends[0],
        high=ends[1],
    )


def _mean(
    values: PerPerson, params: EvaluateParams, *names: str
) -> tuple[float, tuple[float | None, float | None]]:
    sample = np.array([values[person] for person in sorted(values)])
    mean = float(sample.mean())
    if len(sample) < NEEDED or np.ptp(sample) < 1e-9:
        return mean, (None, None)
    rng = np.random.default_rng(seed_for(params.seed, "learning", *names))
    found = scipy.stats.bootstrap(
        (sample,), np.mean, n_resamples=RESAMPLES, confidence_level=params.confidence, rng=rng
    ).confidence_interval
    if not np.isfinite([found.low, found.high]).all():
        return mean, (None, None)
    return mean, (float(found.low), float(found.high))
