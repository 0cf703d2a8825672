"""Numbers as the page writes them."""


def rounded(value: float) -> str:
    """Two decimals.

    >>> rounded(0.125), rounded(6.39)
    ('0.12', '6.39')
    """
    return f"{value:.2f}"


def percent(share: float) -> str:
    """A share in whole percent.

    >>> percent(0.8), percent(0.975)
    ('80 %', '97.5 %')
    """
    return f"{round(100 * share, 1):g} %"


def count(n: int) -> str:
    """Thousands apart.

    >>> count(1234567)
    '1,234,567'
    """
    return f"{n:,}"


def span(low: float, high: float) -> str:
    """An interval or band.

    >>> span(0.1, 0.456)
    '0.10–0.46'
    """
    return f"{rounded(low)}–{rounded(high)}"
