"""Make up completions that look like those of models: not quite the data, and not all readable."""

import json
import math
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

import numpy as np

from stages.common.fields import MISSING, get, put
from stages.common.records import CONDITIONS, Completion, Profile
from stages.common.seeds import seed_for
from stages.evaluate.cells import Study
from stages.evaluate.references import Training
from stages.prepare.params import Shares

OTHERS = 0.2
"""Chance that a field is another person's."""
CUT, COMMA, REFUSED = 0.06, 0.04, 0.02
"""Chances of a text that ends within the object, has a comma too many, or holds no object."""
CHAT = "claude"


def made_up(n: int, study: Study, base: str) -> list[Completion]:
    """At least n completions: six arms, every asked prompt, the same number of draws."""
    arms = [
        (base, "none"),
        *((f"{base}+{kind}", condition) for kind in ("shots", "lora") for condition in CONDITIONS),
        (CHAT, "original"),
    ]
    draws = math.ceil(n / len(arms) / len(study.prompts))
    return [
        _completion(source, condition, prompt.id, draw, study)
        for source, condition in arms
        for prompt in study.prompts
        for draw in range(1, draws + 1)
    ]


def populated(study: Study, n_people: int, shares: Shares) -> Study:
    """The study with this many made-up people in each file, of whom the splits get their shares."""
    rng = np.random.default_rng(seed_for("benchmark", "people", n_people))

    def grown(training: Training, share: float) -> Training:
        return {
            condition: [_mixed(people, study, rng) for _ in range(round(n_people * share))]
            for condition, people in training.items()
        }

    return replace(
        study, training=grown(study.training, shares.train), held_out=grown(study.held_out, shares.test)
    )


def _completion(source: str, condition: str, prompt: str, draw: int, study: Study) -> Completion:
    rng = np.random.default_rng(seed_for("benchmark", source, condition, prompt, draw))
    people = study.training["augmented" if condition == "augmented" else "original"]
    text = _written(_mixed(people, study, rng), rng)
    fields = {"source": source, "condition": condition, "prompt_id": prompt, "draw": draw, "text": text}
    return Completion.model_validate(
        {**fields, "seed": draw, "token_ids": [0] * (len(text) // 4), "ended": "eos", "adapter_sha256": None}
    )


def _mixed(people: Sequence[Profile], study: Study, rng: np.random.Generator) -> Profile:
    profile = deepcopy(people[int(rng.integers(len(people)))])
    for field in study.schema.fields:
        value = get(people[int(rng.integers(len(people)))], field.path)
        if rng.random() < OTHERS and value is not MISSING:
            put(profile, field.path, value)
    return profile


def _written(profile: Profile, rng: np.random.Generator) -> str:
    text = json.dumps(profile, ensure_ascii=False)
    kind = rng.choice(4, p=[CUT, COMMA, REFUSED, 1 - CUT - COMMA - REFUSED])
    return [text[: rng.integers(1, len(text))], f"{text[:-1]},}}", "I cannot write that.", text][kind]
