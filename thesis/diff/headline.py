"""The headline of `evaluate`, each number with the interval that its table gives it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stages.common.comparison import condition_of, is_tuned, source_of
from stages.common.fields import leaves
from stages.common.files import read_json
from stages.common.tables.format import ANY, RuleRow, ValidityRow
from stages.common.tables.learning import CONTENT, FieldLossRow
from stages.common.tables.totals import MeanVariationRow
from stages.evaluate.headline import SHORT
from thesis.diff.numbers import Number
from thesis.diff.primary import sides_of_primary
from thesis.diff.recorded import Recorded
from thesis.diff.tables import InTable, Tables, in_table

FILE = "metrics/evaluate.json"
CLOSE = 1e-5
"""Tables have 6 significant digits."""


def headline_numbers(folder: Path, tables: Tables, recorded: Recorded) -> Iterator[Number]:
    """The numbers of metrics/evaluate.json."""
    known = dict(_intervals(tables, recorded.headline_prompt))
    for name, value in leaves(read_json(folder / FILE)):
        place: dict[str, Any] = {"group": "headline", "name": name, "value": value}
        if (found := known.get(name)) is None:
            yield Number(**place, reason=_why(name))
        elif abs(found.value - value) > CLOSE * max(1.0, abs(value)):
            yield Number(**place, reason="the tables are not those of this file")
        else:
            level = recorded.params.get("evaluate.confidence")
            reason = "" if found.low is not None else "too few draws, or they hang together"
            ends: dict[str, Any] = {"low": found.low, "high": found.high, "confidence": level}
            yield Number(**place, **ends, n=found.n, over=found.over, reason=reason)


def _why(name: str) -> str:
    return "a p-value has no interval" if name == "primary.p" else "no table has an interval for it"


def _intervals(tables: Tables, prompt: str) -> Iterator[tuple[str, InTable]]:
    names = _names([row.arm for row in tables[ValidityRow]])
    for valid in tables[ValidityRow]:
        if valid.arm in names and valid.prompt == prompt:
            yield f"valid.{names[valid.arm]}", in_table(valid.rate, valid.n)
    tuned = {arm: name for arm, name in names.items() if is_tuned(arm)}
    for loss in tables[FieldLossRow]:
        if loss.arm in tuned and (loss.field, loss.data) == (CONTENT, condition_of(loss.arm)):
            yield f"loss.{tuned[loss.arm]}", InTable(loss.loss, loss.low, loss.high, loss.n, "people")
    for mean in tables[MeanVariationRow]:
        if mean.arm in tuned and mean.prompt == prompt:
            yield f"tv.{tuned[mean.arm]}", InTable(mean.tv, mean.low, mean.high)
    for rule in tables[RuleRow]:
        if rule.arm in tuned and (rule.prompt, rule.rule, rule.of) == (prompt, ANY, "generated"):
            yield f"rules.{tuned[rule.arm]}", in_table(rule.rate, rule.n_applies)
    yield from sides_of_primary(tables)


def _names(arms: list[str]) -> Mapping[str, str]:
    """Short names of the trained arms and their base, as the headline has them."""
    tuned = [arm for arm in dict.fromkeys(arms) if is_tuned(arm)]
    names = {arm: SHORT[condition_of(arm)] for arm in tuned}
    return names | {f"{source_of(arm).removesuffix('+lora')}/none": "base" for arm in tuned}
