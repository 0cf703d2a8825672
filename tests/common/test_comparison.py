"""The prompt of the headline, the dataset behind an arm."""

import pytest

from stages.common.comparison import condition_of, headline_prompt, reference_condition
from tests.evaluate.fakes import FREE, INDOOR, RARE


def test_the_headline_is_of_the_first_prompt_that_fixes_nothing():
    later = FREE.model_copy(update={"id": "any-other-cat"})
    assert headline_prompt([INDOOR, FREE, later]) is FREE
    assert headline_prompt([INDOOR, RARE]) is INDOOR


@pytest.mark.parametrize(
    ("arm", "reference"),
    [("tiny+lora/augmented", "augmented"), ("org/tiny/original", "original"), ("claude/none", "original")],
)
def test_an_arm_is_compared_with_its_own_data_or_the_original(arm, reference):
    assert reference_condition(condition_of(arm)) == reference
