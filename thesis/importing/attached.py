"""Check the attached file by its name, and by its people if the export has its text."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from stages.collect.pasting import excerpt_name
from stages.common.fields import canonical
from stages.common.records import CONDITIONS, ArmCondition

People = Mapping[ArmCondition, frozenset[str]]
"""The people of each condition's file, each as canonical JSON."""


def names_file(attached: Sequence[str], condition: ArmCondition) -> bool:
    """Whether the condition's file is among the attached ones; True if the condition has no file."""
    name = excerpt_name(condition)
    return name is None or any(_is(one, name) for one in attached)


def is_of_another(
    attached: Sequence[str], texts: Sequence[str], condition: ArmCondition, people: People
) -> bool:
    """Whether the file of another condition was attached.

    Args:
        texts: the texts of the attached files, and any other text.
    """
    others: list[ArmCondition] = [one for one in CONDITIONS if one != condition]
    if any(names_file(attached, other) for other in others):
        return True
    found = frozenset[str]().union(*(people_in(text) for text in texts if people))
    n_own = len(found & people.get(condition, frozenset()))
    return any(len(found & people.get(other, frozenset())) > n_own for other in others)


def people_in(text: str) -> frozenset[str]:
    """The outermost JSON objects in a text, each as canonical JSON.

    >>> sorted(people_in('Here: [{"b": 1, "a": 2}, {"a": 3}, {"a": '))
    ['{"a":2,"b":1}', '{"a":3}']
    """
    decoder, found, place = json.JSONDecoder(), set[str](), text.find("{")
    while place >= 0:
        try:
            value, end = decoder.raw_decode(text, place)
            found.add(canonical(value))
        except ValueError:  # not JSON, or with NaN in it
            end = place + 1
        except RecursionError:
            break
        place = text.find("{", end)
    return frozenset(found)


def _is(attached: str, name: str) -> bool:
    """Whether an attached file is the named one, perhaps as a second download, "profiles-1 (2).json".

    >>> _is("Profiles_1 (2).json", "profiles-1.json"), _is("profiles-10.json", "profiles-1.json")
    (True, False)
    """
    plain = re.sub(r"[\W_]+", "-", PurePosixPath(attached).name.lower())
    return re.match(rf"{re.escape(name.removesuffix('.json'))}(?!\d)", plain) is not None
