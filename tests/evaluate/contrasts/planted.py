"""Simulated arms with a planted effect, put through the test."""

import json

import numpy as np

from stages.common.evaluated import EvaluatedProfile
from stages.common.schema import ProfileSchema
from stages.evaluate.contrasts.permutation import Outcome
from stages.evaluate.contrasts.planting import Drawn, Plan, planted
from stages.evaluate.contrasts.testing import outcome_of
from stages.evaluate.reading.profiles import evaluated
from tests.evaluate.fakes import completion


def as_draws(profiles: Drawn, schema: ProfileSchema) -> list[EvaluatedProfile]:
    texts = ["" if profile is None else json.dumps(profile) for profile in profiles]
    return [evaluated(completion(text, draw), schema) for draw, text in enumerate(texts, start=1)]


def powers(plan: Plan, effect: float, n: int, *, alpha: float, times: int, draws: int) -> tuple[float, float]:
    """How often the effect is found, and the mean difference less that of two arms without effect."""
    found, differences = 0, []
    for i in range(times):
        rng = np.random.default_rng(i)
        a, b, other = (as_draws(planted(plan, size, n, rng), plan.how.schema) for size in (0.0, effect, 0.0))
        outcome = outcome_of(plan.contrast, a, b, plan.how, draws=draws, seed=i)
        unplanted = outcome_of(plan.contrast, a, other, plan.how, draws=2, seed=i)
        assert isinstance(outcome, Outcome)
        assert isinstance(unplanted, Outcome)
        found += outcome.p <= alpha
        differences.append(outcome.difference - unplanted.difference)
    return found / times, float(np.mean(differences))
