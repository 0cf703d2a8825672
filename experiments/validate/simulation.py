"""Simulate studies: arms of real people from the prepared data, read and tested by the real evaluation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from experiments.validate.planting import Plan, planted
from stages.common.records import Completion, Profile
from stages.common.seeds import seed_for
from stages.common.tables.contrasts import ContrastRow
from stages.evaluate.cells import Study, cells_of
from stages.evaluate.contrasts.family import declared
from stages.evaluate.contrasts.minimum import detectable, level_of
from stages.evaluate.contrasts.power import Detectable
from stages.evaluate.contrasts.statistics import counting, reading_of
from stages.evaluate.declared import Contrast
from stages.evaluate.rows import rows_of
from stages.evaluate.variety.diversity import facts

BROKEN = "I am sorry, but"
"""A draw without a profile."""


@dataclass(frozen=True)
class Scene:
    """The shared part of simulated studies with one planted effect, or with none."""

    study: Study
    pool: Sequence[Profile]
    """The people that every arm draws from."""
    draws: int
    """Draws per arm."""
    seed: int
    calibration: bool
    """Whether contrasts declared for calibration only are tested too."""
    plan: Plan | None = None
    """What is planted in arm b of its contrast; None if nothing is planted."""
    broken_rate: float = 0.0

    def minimum(self) -> Detectable | None:
        """The effect that the evaluation promises to find at this n."""
        if self.plan is None:
            return None
        return detectable(
            self.plan.contrast,
            self.pool,
            self.plan.how,
            self.study,
            n_a=self.draws,
            n_b=self.draws,
            alpha=level_of(self.study, calibration=self.calibration),
        )


def planted_scene(
    contrast: Contrast, study: Study, held_out: Sequence[Profile], draws: int, seed: int
) -> Scene:
    """Scene whose arms draw from the training people of arm a; for `copies`, from people no arm has seen."""
    study = with_contrast(study, contrast)
    how = reading_of(contrast, study)
    training = study.training["original"]
    strangers = [person for person in held_out if facts(person, study.schema) not in how.copied]
    pool = strangers if contrast.statistic == "copies" else training
    pool = counting(contrast, pool, how)
    plan = Plan(contrast, pool, how, training)
    return Scene(study, pool, draws, seed, contrast.calibration_only, plan)


def null_scene(study: Study, draws: int, seed: int, *, calibration: bool, broken_rate: float) -> Scene:
    """Scene whose arms all draw from the same people."""
    return Scene(study, study.training["original"], draws, seed, calibration, broken_rate=broken_rate)


def with_contrast(study: Study, contrast: Contrast) -> Study:
    """Add the contrast to the declared ones, in place of one that asks the same."""
    asks = {"id", "primary"}
    others = [
        one
        for one in study.params.contrasts
        if one.model_dump(exclude=asks) != contrast.model_dump(exclude=asks)
    ]
    return replace(study, params=study.params.model_copy(update={"contrasts": [*others, contrast]}))


def found(scene: Scene, planted_share: float, number: int) -> set[str]:
    """The contrasts that the evaluation finds significant in one simulated study."""
    completions = completions_of(scene, planted_share, number)
    cells = cells_of(completions, scene.study)
    rows = rows_of(ContrastRow, declared(cells, scene.study, calibration=scene.calibration))
    return {row.contrast for row in rows if row.p_adjusted <= scene.study.params.alpha}


def completions_of(scene: Scene, planted_share: float, number: int) -> list[Completion]:
    """Completions of every arm under every prompt of the declared contrasts."""
    contrasts = scene.study.params.contrasts
    keys = dict.fromkeys((arm, one.prompt) for one in contrasts for arm in (one.arm_a, one.arm_b))
    rows = []
    for arm, prompt in keys:
        rng = np.random.default_rng(seed_for("simulated", scene.seed, number, arm, prompt))
        profiles = _profiles(scene, arm, prompt, planted_share, rng)
        rows += [_completion(arm, prompt, draw, one) for draw, one in enumerate(profiles, start=1)]
    return rows


def _profiles(
    scene: Scene, arm: str, prompt: str, planted_share: float, rng: np.random.Generator
) -> Sequence[Profile | None]:
    plan = scene.plan
    if plan is not None and (arm, prompt) == (plan.contrast.arm_b, plan.contrast.prompt):
        return planted(plan, planted_share, scene.draws, rng)
    who, broken = rng.integers(len(scene.pool), size=scene.draws), rng.random(scene.draws)
    return [None if b < scene.broken_rate else scene.pool[i] for i, b in zip(who, broken, strict=True)]


def _completion(arm: str, prompt: str, draw: int, profile: Profile | None) -> Completion:
    source, condition = arm.rsplit("/", 1)
    return Completion.model_validate(
        {
            "source": source,
            "condition": condition,
            "prompt_id": prompt,
            "draw": draw,
            "seed": 0,
            "text": BROKEN if profile is None else json.dumps(profile, ensure_ascii=False),
            "token_ids": [],
            "ended": "eos",
            "adapter_sha256": None,
        }
    )
