"""The device as torch names it, and the settings that matter for it."""

import pytest

from stages.common.llm.metal import HIGH, LOW
from thesis.doctor.device import FALLBACK, judge_cores, judge_metal

LIMITS = {HIGH: "0.9", LOW: "0.8"}


def test_metal_as_the_stages_set_it():
    assert {finding.word for finding in judge_metal(LIMITS, 0.0, checkpointing=True)} == {"ok"}


@pytest.mark.parametrize(
    ("environ", "word", "part"),
    [
        ({HIGH: "1.7", LOW: "1.4"}, "warning", "swap"),
        ({HIGH: "0.0"}, "warning", "swap"),
        ({HIGH: "0.8", LOW: "0.9"}, "problem", "must be below"),
        ({HIGH: "much"}, "problem", "not a number"),
        ({FALLBACK: "1"}, "warning", "hides slow operations"),
    ],
)
def test_environment_of_metal(environ, word, part):
    (wrong,) = [one for one in judge_metal(LIMITS | environ, 0.0, checkpointing=True) if one.word != "ok"]
    assert wrong.word == word
    assert part in wrong.found
    assert wrong.remedy


def test_dropout_matters_on_metal_only_with_checkpointing():
    words = [one.word for one in judge_metal(LIMITS, 0.1, checkpointing=False)]
    assert words == ["ok"]
    _, wrong = judge_metal(LIMITS, 0.1, checkpointing=True)
    assert (wrong.word, "silently wrong gradients" in wrong.found) == ("problem", True)


def test_idle_cores():
    assert judge_cores(2, 2).word == "ok"
    idle = judge_cores(1, 8)
    assert (idle.word, "1 of 8" in idle.found) == ("warning", True)
