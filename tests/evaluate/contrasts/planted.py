"""Simulated arms with a planted effect, put through the test."""

import numpy as np

from experiments.validate.planting import Drawn, Plan, planted
from stages.common.evaluated import EvaluatedProfile
from stages.common.schema import ProfileSchema
from stages.evaluate.contrasts.permutation import Outcome
from stages.evaluate.contrasts.testing import outcome_of


def as_draws(profiles: Drawn, schema: ProfileSchema) -> list[EvaluatedProfile]:
    """As if read from completions; the pool's profiles are all valid."""
    return [
        EvaluatedProfile(
            arm="tiny/none",
            prompt_id="any-cat",
            draw=draw,
            status="empty" if profile is None else "strict",
            profile=profile,
            notes=[],
            violations=[],
            broken_rules=[] if profile is None else schema.broken_rules(profile),
            broken_text_rules=[],
        )
        for draw, profile in enumerate(profiles, start=1)
    ]


def powers(plan: Plan, effect: float, n: int, *, alpha: float, times: int, draws: int) -> tuple[float, float]:
    """How often the effect is found, and the mean difference."""
    found: list[Outcome] = []
    for i in range(times):
        rng = np.random.default_rng(i)
        a, b = (as_draws(planted(plan, size, n, rng), plan.how.schema) for size in (0.0, effect))
        outcome = outcome_of(plan.contrast, a, b, plan.how, draws=draws, seed=i)
        assert isinstance(outcome, Outcome)
        found.append(outcome)
    return float(np.mean([one.p <= alpha for one in found])), float(
        np.mean([one.difference for one in found])
    )
