"""Simulated arms whose intervals are counted: their truths, and that every measure can be counted."""

import numpy as np
import pytest

from experiments.coverage.__main__ import MEASURES
from experiments.coverage.arms import against_reference, one_field, two_fields
from stages.evaluate.bias.cramer import strengths


def test_shares_add_up():
    arms, reference = against_reference((2, 4))
    for shares in [*one_field(4).values(), *two_fields((2, 4)).values(), *arms.values(), reference]:
        assert shares.sum() == pytest.approx(1)


def test_fields_tied_in_a_share_of_draws_have_that_association():
    # of equal margins: phi2 = share^2
    assert float(strengths(two_fields((2, 2))["equal, tied 0.6"], corrected=False)) == pytest.approx(0.6)
    assert float(strengths(two_fields((4, 4))["equal, tied 0.3"], corrected=False)) == pytest.approx(0.3)


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_is_counted(name: str):
    cases = list(MEASURES[name][0](10, 1, np.random.default_rng(1)))
    assert cases
    assert all(case.low <= case.high for case in cases)
    assert len({(case.setting, case.kind) for case in cases}) > 2
