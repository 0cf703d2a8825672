"""Put contrasts into words."""

from stages.common.tables.contrasts import ContrastRow
from stages.report.numbers import rounded, signed


def what(row: ContrastRow) -> str:
    return what_is_compared(row.statistic, row.field, row.level)


def what_is_compared(statistic: str, field: str, level: str) -> str:
    """A contrast's statistic in words.

    >>> what_is_compared("share", "coat", "black"), what_is_compared("rules_broken", "", "")
    ('share of coat = black', 'rate of rules broken')
    """
    words = {
        "share": f"share of {field} = {level}",
        "mean": f"mean {field}",
        "association": f"association of {field} with {level}",
        "valid": "rate of valid profiles",
        "rules_broken": "rate of rules broken",
        "copies": "rate of copies",
        "variety": "share of facts in which two draws differ",
    }
    return words.get(statistic, statistic)


def smallest(row: ContrastRow, effect: float) -> str:
    """The smallest difference that could be found, with its direction."""
    return f"±{rounded(abs(effect))}" if row.is_symmetric else signed(effect)
