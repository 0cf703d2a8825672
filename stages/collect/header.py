"""The YAML header of a pasted answer: provenance between two lines of three dashes, then the answer."""

import re

import yaml

from stages.common.pasted import Provenance

_HEADER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)\n?", re.DOTALL)


def with_header(provenance: Provenance, text: str) -> str:
    """What a pasted-answer file holds; what is not known stands in no header.

    >>> print(with_header(Provenance(product="Claude"), "{}"))
    ---
    product: Claude
    ---
    <BLANKLINE>
    {}
    """
    known = provenance.model_dump(exclude_none=True)
    header = yaml.safe_dump(known, sort_keys=False, allow_unicode=True) if known else ""
    return f"---\n{header}---\n\n{text}" if header else text
