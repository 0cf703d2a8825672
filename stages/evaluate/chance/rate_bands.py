"""Where chance would put a rate: that of as many people as the arm has, from where the reference is."""

from dataclasses import dataclass

from stages.evaluate.chance.nulls import Band, binomial_band
from stages.evaluate.rows import Row


@dataclass(frozen=True)
class Count:
    """k of n."""

    k: int
    n: int


@dataclass(frozen=True)
class RateBandRow(Row):
    """rate_bands.csv: the rates of three tables that people of the reference have too."""

    table: str
    """`rules`, `text_rules` or `lexicon`."""
    field: str
    """Of the lexicon: the text field."""
    name: str
    """Of the rule, "(any)" or of the category."""
    n: int
    """Profiles that the rule applies to, or texts."""
    rate: float
    n_reference: int
    rate_reference: float
    band: Band


def rate_band(
    key: tuple[str, str],
    what: tuple[str, str, str],
    generated: Count,
    reference: Count,
    confidence: float,
) -> RateBandRow:
    """Quantiles at the reference's own rate, which is a sample's; `what` is table, field and name."""
    share = reference.k / reference.n
    band = binomial_band(generated.k, generated.n, share, confidence, n_reference=reference.n)
    return RateBandRow(*(*key, *what, generated.n, generated.k / generated.n, reference.n, share), band=band)
