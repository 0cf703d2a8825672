"""Content of an answer, to recognize the same answer pasted by hand and imported from an export."""

import re

from stages.collect.furniture import without_furniture
from stages.common.fields import canonical
from stages.common.json_objects import Candidate, candidates


def content(answer: str) -> tuple[str, ...]:
    """Objects of an answer without their layout, or its words if it has no object.

    >>> content('Here:\\n```json\\n{"age": 3}\\n```') == content('json\\nCopy code\\n{"age":3}\\nRetry')
    True
    """
    found = [_object(candidate) for candidate in candidates(answer)]
    return tuple(found) or tuple(re.findall(r"\w+", without_furniture(answer).casefold()))


def _object(candidate: Candidate) -> str:
    """An object with sorted keys; one that cannot be read, with single spaces."""
    return canonical(candidate.profile) if candidate.profile is not None else " ".join(candidate.text.split())
