"""Figures of speech that the report and the commands share."""


def many(n: int, one: str, more: str = "") -> str:
    """A count with its noun.

    >>> many(1, "draw"), many(2, "draw"), many(0, "person", "people")
    ('1 draw', '2 draws', '0 people')
    """
    return f"{n:,} {one if n == 1 else more or one + 's'}"


def shortened(text: str, most: int) -> str:
    """A long name without its middle.

    >>> shortened("a-very-long-name+lora", 12)
    'a-ver…e+lora'
    """
    if len(text) <= most:
        return text
    tail = most // 2
    return f"{text[: most - tail - 1]}…{text[-tail:]}"
