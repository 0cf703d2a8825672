"""Noise of a row: Gumbel's distribution, from the row's own seed alone."""

import math

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest
from torch import Tensor

from stages.common.llm.noise import GumbelNoise

SEEDS = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=6)
STEPS = st.lists(st.integers(1, 9), min_size=1, max_size=5)
"""Words that noise is drawn for, step by step."""


def alone(seed: int, steps: list[int]) -> list[Tensor]:
    noise = GumbelNoise([seed])
    return [noise(n)[0] for n in steps]


@given(SEEDS, STEPS)
def test_a_row_depends_on_its_seed_alone(seeds: list[int], steps: list[int]) -> None:
    noise = GumbelNoise(seeds)
    together = [noise(n) for n in steps]
    for row, seed in enumerate(seeds):
        for found, expected in zip(together, alone(seed, steps), strict=True):
            assert torch.equal(found[row], expected)


@given(SEEDS, STEPS, st.data())
def test_rows_that_are_kept_go_on_as_if_alone(
    seeds: list[int], steps: list[int], data: st.DataObject
) -> None:
    noise, going = GumbelNoise(seeds), seeds
    for step, n in enumerate(steps):
        found = noise(n)
        assert found.shape == (len(going), n)
        for row, seed in zip(found, going, strict=True):
            assert torch.equal(row, alone(seed, steps)[step])
        kept = data.draw(st.lists(st.sampled_from(range(len(going))), min_size=1, unique=True))
        noise.keep(kept)
        going = [going[row] for row in kept]


def test_the_distribution_is_gumbels() -> None:
    found = GumbelNoise(range(200))(500).double().numpy()
    assert kstest(found.ravel(), "gumbel_r").pvalue > 0.01
    # by row and by word alike: no place of either is special
    for axis in (0, 1):
        each = np.asarray(kstest(found, "gumbel_r", axis=axis).pvalue)
        assert kstest(each, "uniform").pvalue > 0.01


def test_the_mean_and_the_spread_are_those_of_theory() -> None:
    # mean: Euler's constant; variance: pi^2 / 6; 4 standard errors
    found = GumbelNoise([3])(100_000).double()
    assert abs(found.mean().item() - np.euler_gamma) < 4 * math.sqrt(math.pi**2 / 6 / 100_000)
    assert abs(found.var().item() / (math.pi**2 / 6) - 1) < 0.05


def test_neighboring_seeds_and_steps_are_unrelated() -> None:
    noise = GumbelNoise([1, 2])
    first, second = noise(50_000).double(), noise(50_000).double()
    pairs = [
        (first[0], first[1]),
        (first[0], second[0]),
        (first[1], second[0]),
        (first[0][:-1], first[0][1:]),
    ]
    for one, other in pairs:
        assert abs(torch.corrcoef(torch.stack([one, other]))[0, 1].item()) < 4 / math.sqrt(50_000)


def test_noise_is_finite_float32() -> None:
    found = GumbelNoise(range(20))(100_000)
    assert found.dtype == torch.float32
    assert found.isfinite().all()
