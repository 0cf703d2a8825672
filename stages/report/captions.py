"""Write the captions of all figures for a thesis: as LaTeX and as Markdown."""

from collections.abc import Sequence

from stages.report.latex import latex_text
from stages.report.links import plain
from stages.report.page import Picture

HEAD = r"""% In the preamble: \input{captions}; below a figure: \caption{\figurecaption{funnel}}.
\providecommand{\figurecaption}[1]{\csname caption:#1\endcsname}
"""


def captions_tex(pictures: Sequence[Picture]) -> str:
    """A command that gives the caption of a figure by the name of its files."""
    lines = [
        rf"\expandafter\def\csname caption:{one.name}\endcsname{{{latex_text(said(one))}}}"
        for one in pictures
    ]
    return "\n".join([*HEAD.splitlines(), *lines, ""])


def captions_md(pictures: Sequence[Picture]) -> str:
    return "\n".join(f"## {one.name}\n\n{said(one)}\n" for one in pictures)


def said(picture: Picture) -> str:
    """The finding as a sentence, and how to read the figure.

    >>> said(Picture("cats", "<svg>", "Cats [sleep](key)", "A mark is one cat."))
    'Cats sleep. A mark is one cat.'
    """
    return f"{plain(picture.title).rstrip('.')}. {plain(picture.caption)}".strip()
