"""What an answer says, so that the same answer by hand and out of an export is known as one."""

import re

from stages.collect.furniture import without_furniture
from stages.common.fields import canonical
from stages.common.json_objects import Candidate, candidates


def content(answer: str) -> tuple[str, ...]:
    """Its objects without their layout; its words, if it has no object. Fences and furniture say nothing.

    >>> content('Here:\\n```json\\n{"age": 3}\\n```') == content('json\\nCopy code\\n{"age":3}\\nRetry')
    True
    """
    found = [_object(candidate) for candidate in candidates(answer)]
    return tuple(found) or tuple(re.findall(r"\w+", without_furniture(answer).casefold()))


def _object(candidate: Candidate) -> str:
    """With its keys in one order; one that cannot be read with single blanks."""
    return canonical(candidate.profile) if candidate.profile is not None else " ".join(candidate.text.split())
