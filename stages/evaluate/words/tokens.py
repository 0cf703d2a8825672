"""Words of a text."""


def tokens(text: str) -> list[str]:
    """In lower case, split at white space; all that is no letter (of any alphabet) is deleted.

    >>> tokens("She's a 34-year-old, well-paid Köchin - no kids.")
    ['shes', 'a', 'yearold', 'wellpaid', 'köchin', 'no', 'kids']
    """
    words = ("".join(filter(str.isalpha, word)) for word in text.lower().split())
    return [word for word in words if word]
