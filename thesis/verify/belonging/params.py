"""Params as the code reads them, against those of dvc.lock."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from stages.collect.params import CollectParams
from stages.common.params import Params, parse
from stages.evaluate.params import EvaluateParams
from stages.prepare.params import PrepareParams
from stages.score.params import ScoreParams
from stages.shell.errors import UserError
from stages.shell.used import value_at
from stages.train.params import ConditionParams, TrainParams
from thesis.verify.findings import Finding
from thesis.verify.lock import LOCK, Records

SECTIONS: Mapping[str, type[Params]] = {
    "prepare": PrepareParams,
    "collect": CollectParams,
    "train.common": TrainParams,
    "train.original": ConditionParams,
    "train.augmented": ConditionParams,
    "score": ScoreParams,
    "evaluate": EvaluateParams,
}
"""Sections whose class loads no torch; `generate` and single keys are compared as they are read."""


def of_stage(records: Records, name: str) -> Iterator[Finding]:
    """Every param of a stage."""
    values = records.locked[name].params
    pairs = [
        (file, key, value, value_at(records.content(file), key))
        for file, of_file in values.items()
        for key, value in of_file.items()
    ]
    wrong = [pair for pair in pairs if _read(*pair[1:3]) != _read(pair[1], pair[3])]
    if n_same := len(pairs) - len(wrong):
        told = f"{n_same} as in {LOCK}"
        yield Finding(name, "params", told, told, True)
    for file, key, locked, now in wrong:
        for place, was, is_now in differing(locked, now, key):
            yield Finding(name, f"param {place} of {file}", shown(was), shown(is_now), False)


def _read(key: str, value: Any) -> Any:
    """A value as the code parses it; unchanged if no class of the code reads it here."""
    try:
        return parse(SECTIONS[key], value, key) if key in SECTIONS else _typed(value)
    except UserError:
        return _typed(value)


def _typed(value: Any) -> str:
    """A value as JSON: true is not 1, and 1 is not 1.0."""
    return json.dumps(value, sort_keys=True, default=str)


def differing(was: Any, now: Any, key: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The innermost keys whose values differ."""
    if isinstance(was, dict) and isinstance(now, dict):
        for name in dict.fromkeys([*was, *now]):
            if _typed(was.get(name)) != _typed(now.get(name)):
                yield from differing(was.get(name), now.get(name), f"{key}.{name}".lstrip("."))
    else:
        yield key, was, now


def shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
