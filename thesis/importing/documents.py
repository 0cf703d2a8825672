"""Documents that are written beside the chat: a canvas of ChatGPT, an artifact of Claude."""

from collections.abc import Sequence

from thesis.importing.turns import Edit


def documents(edits: Sequence[Edit]) -> list[str] | None:
    """The last state of each document; None if an edit does not fit what is known of it.

    >>> documents([Edit("a", None, '{"age": 3}'), Edit("a", "3", "34")])
    ['{"age": 34}']
    >>> documents([Edit("a", "3", "34")]) is None
    True
    """
    made: dict[str, str] = {}
    for edit in edits:
        name = edit.document or next(reversed(made), "")
        if edit.old is None:
            made[name] = edit.new
        elif edit.old and edit.old in made.get(name, ""):
            made[name] = made[name].replace(edit.old, edit.new, 1)
        else:
            return None
    return list(made.values())
