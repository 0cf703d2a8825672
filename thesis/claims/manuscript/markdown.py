"""The running text of a Markdown file: without code, links' targets, pictures and comments."""

import re

from thesis.claims.manuscript.blanking import blanked

_HIDDEN = [
    re.compile(r"\A---\n.*?\n---$", re.DOTALL | re.MULTILINE),  # front matter
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"^(```|~~~).*?^\1\s*$", re.DOTALL | re.MULTILINE),
    re.compile(r"`[^`\n]+`"),
    re.compile(r"\](?P<hide>\([^)\n]*\)|\{[^}\n]*\})"),
    re.compile(r"\[@[^\]]*\]"),  # citations of pandoc
]


def markdown_text(text: str) -> str:
    r"""The running text, on the lines of the file.

    >>> markdown_text("9 of [10](a/3.md) `x1`!\n```\n5\n```\n6").split()
    ['9', 'of', '[10]', '!', '6']
    """
    for pattern in _HIDDEN:
        text = blanked(text, pattern)
    return text
