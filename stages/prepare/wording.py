"""Plain words for what is wrong with the JSON of a file."""

_OF_JSON = {
    "Expecting value": "a value is missing, or is not written as JSON",
    "Expecting property name enclosed in double quotes": "a key in double quotes should stand here",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing after a key",
    "Extra data": "something follows where the JSON has ended",
    "Unterminated string starting at": "this text has no closing quote",
    "Invalid control character at": "a text holds a line break or a tab; write \\n or \\t",
    "Invalid \\escape": "a backslash stands alone; write two",
    "Illegal trailing comma before end of object": "a comma stands before }",
    "Illegal trailing comma before end of array": "a comma stands before ]",
}


def json_in_words(message: str) -> str:
    """A parser's message in plain words.

    >>> json_in_words("a.json:1:9: not JSON: Extra data")
    'a.json:1:9: not JSON: something follows where the JSON has ended'
    """
    place, _, what = message.partition(": not JSON: ")
    return f"{place}: not JSON: {_OF_JSON.get(what, what)}" if what else message
