"""Test of reported shares against those of new draws, and what forgery the test finds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from stages.common.evaluated import EvaluatedProfile
from stages.evaluate.chance.multiple import holm
from stages.evaluate.contrasts.permutation import Outcome
from stages.evaluate.contrasts.power import rejected
from stages.evaluate.contrasts.statistics import RATES, Reading
from stages.evaluate.contrasts.testing import outcome_of
from stages.evaluate.declared import Contrast
from thesis.verify.findings import Finding, unchecked
from thesis.verify.tolerances import DiceParams

STAGE = "generate"
GRID = 1001
"""How many true shares are tried."""


@dataclass(frozen=True)
class Question:
    """A number that a declared contrast reads out of one arm's draws."""

    contrast: Contrast
    arm: str

    @property
    def about(self) -> tuple[str, ...]:
        """What is read, of which arm and prompt: equal for two contrasts that share an arm."""
        return self.arm, self.contrast.prompt, self.contrast.statistic, *self.contrast.about

    @property
    def shown(self) -> str:
        words = " ".join(filter(None, (self.contrast.statistic.replace("_", " "), *self.contrast.about)))
        return f"{self.arm}, {self.contrast.prompt}: {words}"


def questions(contrasts: Sequence[Contrast], arms: Sequence[str]) -> list[Question]:
    """What the declared contrasts read out of these arms; those for calibration only are left out.

    Args:
        arms: names of the arms that can be drawn again.
    """
    found = [
        Question(contrast, arm)
        for contrast in contrasts
        for arm in (contrast.arm_a, contrast.arm_b)
        if arm in arms and not contrast.calibration_only
    ]
    return list({one.about: one for one in found}.values())


@dataclass(frozen=True)
class Answer:
    """A question put to the reported and to the new draws."""

    question: Question
    outcome: Outcome
    """Group a is what is reported, b what is new."""
    place: str = ""
    """Where it is reported, if not in the draws of `generate`."""


def answered(
    question: Question,
    reported: Sequence[EvaluatedProfile],
    new: Sequence[EvaluatedProfile],
    how: Reading,
    *,
    draws: int,
    seed: int,
) -> Answer | str:
    """The test of one question; the reason if there is none.

    Args:
        draws: random exchanges, where not all can be gone through.
    """
    found = outcome_of(question.contrast, reported, new, how, draws=draws, seed=seed)
    return found if isinstance(found, str) else Answer(question, found)


def judged_dice(found: Sequence[Answer], params: DiceParams) -> Iterator[Finding]:
    """One line per question: do the new draws fit what was reported, at the family-wise level?"""
    adjusted = holm([one.outcome.p for one in found])
    for one, p in zip(found, adjusted, strict=True):
        yield _finding(one, p, params, params.level / len(found))


def _finding(one: Answer, p: float, params: DiceParams, level: float) -> Finding:
    outcome, is_rate = one.outcome, one.question.contrast.statistic in RATES
    reported, new = (
        _share(value, n) if is_rate else f"{value:.3g} in {n} draws"
        for value, n in ((outcome.value_a, outcome.n_a), (outcome.value_b, outcome.n_b))
    )
    got, seen = f"{new}; p {p:.3g}", {"reported": outcome.value_a, "new": outcome.value_b, "p_holm": p}
    if is_rate:
        k = round(outcome.value_a * outcome.n_a)
        low, high = caught(k, outcome.n_a, outcome.n_b, level, params.power)
        got += f"; {_told(low, high)}"
        bounds = {"caught_at_most": low, "caught_at_least": high}
        seen |= {name: end for name, end in bounds.items() if end is not None}
    is_same = p > params.level
    expected = f"{' '.join(filter(None, ('as reported', one.place)))}: {reported}"
    return Finding(STAGE, one.question.shown, expected, got, is_same, seen=seen)


def caught(k: int, n: int, n_new: int, level: float, power: float) -> tuple[float | None, float | None]:
    """True shares from which on a report of k of n is found to be false: at most low, at least high.

    The report is fixed, and the new draws are chance: k' ~ B(n_new, share) is found at `level` with the
    chance `power`. None where not even 0 or 1 is found.

    >>> caught(0, 10, 10, level=0.05, power=0.8)  # 5 of 10 is the least that differs from 0 of 10
    (None, 0.581)
    """
    of_new = rejected(n, n_new, level)[k]
    shares = np.linspace(0, 1, GRID)
    chances = scipy.stats.binom.pmf(np.arange(n_new + 1), n_new, shares[:, None]) @ of_new >= power
    below, above = shares[chances & (shares < k / n)], shares[chances & (shares > k / n)]
    low = round(float(below.max()), 3) if len(below) else None
    high = round(float(above.min()), 3) if len(above) else None
    return low, high


def _share(value: float, n: int) -> str:
    return f"{round(value * n)} of {n} ({100 * value:.0f} %)"


def _told(low: float | None, high: float | None) -> str:
    ends = [
        f"{word} {100 * end:.0f} %" for word, end in (("at most", low), ("at least", high)) if end is not None
    ]
    if not ends:
        return "so few reported draws that no false report would be found"
    return f"a false report would be found if the true share were {' or '.join(ends)}"


def left_out(question: Question, reason: str) -> Finding:
    return unchecked(STAGE, question.shown, reason, is_note=True)
