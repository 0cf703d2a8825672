"""What counts as a promise kept."""

from scipy.stats import binom

from experiments.validate.results import power_kept, silence_kept


def test_the_band_holds_99_percent_of_what_is_as_promised() -> None:
    band = power_kept(0, 200, 0.8)
    outside = binom.cdf(band.least - 1, 200, 0.8) + binom.sf(band.most, 200, 0.8)
    assert 0.005 < outside <= 0.01


def test_with_nothing_planted_16_of_200_are_allowed() -> None:
    assert silence_kept(16, 200, 0.05).kept
    assert not silence_kept(17, 200, 0.05).kept


def test_power_is_kept_on_both_sides() -> None:
    assert [power_kept(n, 200, 0.8).kept for n in (144, 145, 174, 175)] == [False, True, True, False]
