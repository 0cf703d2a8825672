"""Numbers as the page writes them."""

from collections.abc import Sequence


def rounded(value: float) -> str:
    """Two decimals.

    >>> rounded(0.125), rounded(-6.39)
    ('0.12', '−6.39')
    """
    return f"{value:.2f}".replace("-", "−")


def percent(share: float) -> str:
    """A share in percent; the sign stays on the number's line.

    >>> percent(0.8), percent(0.975)
    ('80\\xa0%', '97.5\\xa0%')
    """
    return f"{round(100 * share, 1):g}\u00a0%"


def count(n: int) -> str:
    """A count with commas between thousands.

    >>> count(1234567)
    '1,234,567'
    """
    return f"{n:,}"


def span(low: float, high: float) -> str:
    """An interval or band.

    >>> span(0.1, 0.456), span(-0.1, 0.456)
    ('0.10–0.46', '−0.10 to 0.46')
    """
    return f"{rounded(low)}{' to ' if low < 0 else '–'}{rounded(high)}"


def p_value(p: float) -> str:
    """A p-value, never 0.

    >>> p_value(0.0312), p_value(0.00001)
    ('.031', '< .001')
    """
    return "< .001" if p < 0.001 else "1.000" if p >= 0.9995 else f"{p:.3f}"[1:]


def signed(value: float) -> str:
    """Two decimals with a sign.

    >>> signed(0.1), signed(-0.25)
    ('+0.10', '−0.25')
    """
    return f"{value:+.2f}".replace("-", "−")


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def detected(power: float) -> str:
    """How often a test detects a difference.

    >>> detected(0.8), detected(0.95)
    ('8 times in 10', '95 times in 100')
    """
    tenths = f"{10 * power:g}"
    return f"{tenths} times in 10" if tenths.isdigit() else f"{100 * power:g} times in 100"


def percents(low: float, high: float) -> str:
    """A range of shares in whole percents.

    >>> percents(0.1406, 0.297), percents(0.5, 0.5)
    ('14–30 %', '50 %')
    """
    ends = dict.fromkeys(f"{one:.0%}".removesuffix("%") for one in (low, high))
    return f"{'–'.join(ends)} %"
