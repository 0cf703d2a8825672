"""The numbers of the page, row by row: what the template writes down."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from stages.common.records import CONDITIONS, Condition
from stages.report.inputs import Inputs
from stages.report.rows import NotComputedRow, TotalVariationRow
from stages.report.shares import readable

LOSS_SPLIT = "test"


@dataclass(frozen=True)
class ArmRow:
    """What an arm made of a prompt; None stands for what was not computed."""

    arm: str
    prompt: str
    n: int
    n_readable: int
    n_valid: int
    rate: float
    low: float
    high: float
    n_distinct: int | None
    n_copies: int | None


@dataclass(frozen=True)
class LossCell:
    """Loss of the held-out profiles of one dataset under one arm, nats per completion token."""

    loss: float
    n: int
    low: float | None
    high: float | None


@dataclass(frozen=True)
class LossLine:
    """The held-out profiles of one dataset under every arm; None where there is no number."""

    data: Condition
    cells: list[LossCell | None]


@dataclass(frozen=True)
class FidelityLine:
    """An arm's distance from its dataset, by protected field; None where there is no number."""

    arm: str
    n: int
    cells: list[TotalVariationRow | None]


@dataclass(frozen=True)
class FidelityTable:
    """Of one prompt."""

    prompt: str
    lines: list[FidelityLine]


@dataclass(frozen=True)
class Gap:
    """What was not computed for one reason, of one arm."""

    arm: str
    reason: str
    prompts: list[str]
    statistics: list[str]


def arm_rows(inputs: Inputs) -> list[ArmRow]:
    """By arm in the order asked, then by prompt."""
    tables, n_readable = inputs.tables, readable(inputs)
    validity = {row.key: row for row in tables.validity}
    distinct = {row.key: row.n_distinct for row in tables.diversity}
    copies = {row.key: row.n_copies for row in tables.copies}
    keys = [(arm, prompt.id) for arm in inputs.arms for prompt in inputs.prompts]
    return [
        ArmRow(*key, row.n, n_readable.get(key, 0), row.n_valid, row.rate, row.low, row.high,
               distinct.get(key), copies.get(key))
        for key in keys
        if (row := validity.get(key))
    ]  # fmt: skip


def loss_arms(inputs: Inputs) -> list[str]:
    by_data = inputs.score.get(LOSS_SPLIT, {})
    return list(dict.fromkeys(arm for condition in CONDITIONS for arm in by_data.get(condition, {})))


def loss_lines(inputs: Inputs) -> list[LossLine]:
    """One a dataset, cells in the order of `loss_arms`."""
    by_data, arms = inputs.score.get(LOSS_SPLIT, {}), loss_arms(inputs)
    return [
        LossLine(condition, [_loss_cell(by_data[condition].get(arm)) for arm in arms])
        for condition in CONDITIONS
        if condition in by_data
    ]


def fidelity_tables(inputs: Inputs) -> list[FidelityTable]:
    """One a prompt that has any, the headline prompt first."""
    prompts = sorted((prompt.id for prompt in inputs.prompts), key=lambda p: p != inputs.headline_prompt.id)
    tables = [FidelityTable(prompt, _fidelity_lines(inputs, prompt)) for prompt in prompts]
    return [table for table in tables if table.lines]


def protected(inputs: Inputs) -> list[str]:
    return [field.path for field in inputs.schema.by_role("protected")]


def gaps(inputs: Inputs) -> list[Gap]:
    """What was not computed: prompts and statistics gathered by arm and reason."""
    rows = sorted(inputs.tables.not_computed, key=_arm_and_reason)
    return [_gap(arm, reason, list(group)) for (arm, reason), group in groupby(rows, _arm_and_reason)]


def _fidelity_lines(inputs: Inputs, prompt: str) -> list[FidelityLine]:
    of_prompt = [row for row in inputs.tables.total_variation if row.prompt == prompt]
    found = {(row.arm, row.field): row for row in of_prompt}
    n_by_arm = {row.arm: row.n for row in of_prompt}
    fields = protected(inputs)
    return [
        FidelityLine(arm, n_by_arm[arm], [found.get((arm, field)) for field in fields])
        for arm in inputs.arms
        if arm in n_by_arm
    ]


def _loss_cell(found: dict[str, float] | None) -> LossCell | None:
    if found is None:
        return None
    return LossCell(found["loss"], int(found["n"]), found.get("low"), found.get("high"))


def _arm_and_reason(row: NotComputedRow) -> tuple[str, str]:
    return row.arm, row.reason


def _gap(arm: str, reason: str, rows: Sequence[NotComputedRow]) -> Gap:
    statistics = [f"{row.statistic} ({row.field})" if row.field else row.statistic for row in rows]
    return Gap(arm, reason, list(dict.fromkeys(row.prompt for row in rows)), list(dict.fromkeys(statistics)))
