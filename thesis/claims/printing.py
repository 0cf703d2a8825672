"""How a value stands in the text."""

from stages.report.numbers import count, p_value
from thesis.claims.manifest import Claim, Value
from thesis.claims.slots import GAP

WORDS = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
)


def printed(value: Value, claim: Claim) -> str:
    """The value, rounded as the claim asks. Only a percent brings its sign along."""
    if isinstance(value, str):
        return value
    places = claim.decimals or 0
    match claim.shown_as:
        case "difference":
            return without_zero(fixed(value, places, "+"))
        case "percent":
            return f"{fixed(100 * value, places)}{GAP}%"
        case "bare_percent":
            return fixed(100 * value, places)
        case "gigabytes":
            return fixed(value / 1e9, places)
        case "count":
            return count(value) if isinstance(value, int) else fixed(value, 0)
        case "word":
            return in_words(value)
        case "p":
            return p_value(value)
        case _:
            return fixed(value, places)


def fixed(value: float, places: int, sign: str = "") -> str:
    """A rounded number with a minus sign that is no hyphen, and never −0.

    >>> fixed(-0.612, 2), fixed(-0.001, 2), fixed(0.5, 0, "+")
    ('−0.61', '0.00', '+0')
    """
    return f"{value:{sign}z,.{places}f}".replace("-", "−")


def without_zero(text: str) -> str:
    """A number below 1 as APA style prints what cannot exceed 1.

    >>> without_zero("−0.61"), without_zero("+1.00")
    ('−.61', '+1.00')
    """
    return text.replace("0.", ".", 1) if text.lstrip("+−").startswith("0.") else text


def in_words(value: float) -> str:
    """A whole number up to twelve as a word.

    >>> in_words(4), in_words(150)
    ('four', '150')
    """
    return WORDS[int(value)] if value in range(len(WORDS)) else fixed(value, 0)
