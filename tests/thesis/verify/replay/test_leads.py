"""Leads of tokens, worked out by hand."""

from math import inf, log

import pytest
import torch

from stages.common.llm.sampling import SamplingParams
from thesis.verify.replay.leads import kept, leads

PLAIN = SamplingParams(temperature=1.0, top_p=1.0, top_k=None, max_new_tokens=9)
SCORES = torch.tensor([[3.0, 2.0, 1.0, -inf]])
NOISE = torch.tensor([[0.0, 2.5, 0.5, 9.0]])  # with noise: 3, 4.5, 1.5; the last is forbidden


def lead_of(token: int, params: SamplingParams = PLAIN, slack: float = 0.0) -> float:
    return leads(SCORES, NOISE, torch.arange(4)[None] == token, params, slack).item()


def test_the_drawn_token_leads_and_others_lack() -> None:
    assert [lead_of(token) for token in range(4)] == [-1.5, 1.5, -3.0, -inf]


def test_several_marks_count_as_one() -> None:
    # the better of 3 and 1.5, against 4.5
    assert leads(SCORES, NOISE, torch.tensor([[True, False, True, False]]), PLAIN).item() == -1.5


def test_a_token_that_stands_alone_cannot_be_beaten() -> None:
    alone = torch.tensor([[-inf, 1.0]])
    assert leads(alone, torch.zeros(1, 2), torch.tensor([[False, True]]), PLAIN).item() == inf


@pytest.mark.parametrize(
    ("slack", "expected"),
    [(0.0, [True, True, False, False]), (1.0, [True, True, True, False]), (-1.0, [True, True, False, False])],
)
def test_top_k_keeps_what_another_rounding_might(slack: float, expected: list[bool]) -> None:
    params = PLAIN.model_copy(update={"top_k": 2})
    assert kept(SCORES, params, slack)[0].tolist() == expected


def test_top_k_drops_what_another_rounding_might_drop() -> None:
    params = PLAIN.model_copy(update={"top_k": 2})
    assert kept(SCORES, params, -1.1)[0].tolist() == [True, False, False, False]


def test_top_p_is_that_of_transformers() -> None:
    # shares .5, .3, .2: .5 < .6 needs the second, .8 does not need the third
    scores = torch.tensor([[log(0.3), log(0.5), log(0.2)]])
    params = PLAIN.model_copy(update={"top_p": 0.6})
    assert kept(scores, params)[0].tolist() == [True, True, False]
    nearly = PLAIN.model_copy(update={"top_p": 0.79})
    assert kept(scores, nearly)[0].tolist() == [True, True, False]
    assert kept(scores, nearly, slack=0.1)[0].tolist() == [True, True, True]  # up to .815
    assert kept(scores, PLAIN.model_copy(update={"top_p": 0.51}), slack=-0.1)[0].tolist() == [
        False,
        True,
        False,
    ]


def test_a_token_outside_top_k_could_not_be_drawn_unless_it_is_at_the_edge() -> None:
    params = PLAIN.model_copy(update={"top_k": 2})
    assert lead_of(2, params) == -inf
    assert lead_of(2, params, slack=1.0) == -3.0
