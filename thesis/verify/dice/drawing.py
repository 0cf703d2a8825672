"""New completions from the project's own adapters, seeded by a number of the examiner's."""

from collections.abc import Collection
from dataclasses import dataclass

from stages.common.llm.devices import empty_cache
from stages.common.params import load_params
from stages.common.records import Completion
from stages.common.seeds import seed_for
from stages.generate.__main__ import Row
from stages.generate.params import GenerateParams
from stages.shell.checked import check_draws
from thesis.verify.replay.again import Loaded, load


@dataclass(frozen=True)
class Dice:
    """The examiner's number, and how much is drawn with it."""

    number: int
    draws: int
    """New completions of each arm and prompt."""


def load_for(dice: Dice) -> Loaded:
    """The project's model, with params that draw other noise than any draw of the pipeline."""
    params = load_params(GenerateParams, section="generate")
    changes = {"seed": seed_for("dice", dice.number), "draws": dice.draws}
    return load(None, params=params.model_copy(update=changes))


def draw_new(loaded: Loaded, keys: Collection[tuple[str, str]]) -> list[Completion]:
    """New completions of these arms and prompts."""
    found: list[Completion] = []
    asked = {key: ids for key, ids in loaded.asked.items() if key in keys}
    check_draws(loaded.model, list(asked.values()), loaded.params.max_new_tokens)
    for arm in loaded.arms:
        rows = [
            Row(arm, prompt, number, tuple(ids))
            for (name, prompt), ids in asked.items()
            for number in range(1, loaded.params.draws + 1)
            if name == arm.name
        ]
        found += loaded.writer.write_rows(rows) if rows else []
        empty_cache(loaded.model.device)
    return found
