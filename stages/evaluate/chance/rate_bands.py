"""Where chance would put a rate: that of as many people as the arm has, from where the reference is."""

from dataclasses import dataclass

from stages.common.tables.format import RateBandRow
from stages.evaluate.cells import Cell
from stages.evaluate.chance.nulls import binomial_band


@dataclass(frozen=True)
class Count:
    """k of n."""

    k: int
    n: int


def rate_band(
    cell: Cell,
    what: tuple[str, str, str],
    generated: Count,
    reference: Count,
    confidence: float,
) -> RateBandRow:
    """Quantiles at the reference's own rate, which is a sample's; `what` is table, field and name."""
    share = reference.k / reference.n
    band = binomial_band(generated.k, generated.n, share, confidence, n_reference=reference.n)
    table, field, name = what
    return RateBandRow(
        **cell.where,
        table=table,
        field=field,
        name=name,
        n=generated.n,
        rate=generated.k / generated.n,
        n_reference=reference.n,
        rate_reference=share,
        band=band,
    )
