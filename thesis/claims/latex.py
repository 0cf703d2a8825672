r"""Macros for LaTeX: \claim{name} prints a number, \claimsentence{name} its sentence."""

from collections.abc import Mapping

from stages.report.latex import latex_text

HEAD = r"""% Written by `thesis claims --latex`. Do not edit: run it again after each run of the pipeline.
\providecommand{\claim}[1]{\claimof{claim}{#1}}
\providecommand{\claimsentence}[1]{\claimof{claimsentence}{#1}}
\providecommand{\claimof}[2]{\ifcsname #1@#2\endcsname\csname #1@#2\endcsname
  \else\errmessage{claims.yaml has no claim #2}\fi}
"""


def macros(printed: Mapping[str, str], sentences: Mapping[str, str]) -> str:
    r"""A file for \input in the preamble; an unknown name stops LaTeX with its name."""
    return "".join(
        [
            HEAD,
            *(_defined("claim", name, text) for name, text in printed.items()),
            *(_defined("claimsentence", name, text) for name, text in sentences.items()),
        ]
    )


def _defined(kind: str, name: str, text: str) -> str:
    r"""
    >>> print(_defined("claim", "race", "−.61"), end="")
    \expandafter\def\csname claim@race\endcsname{$-$.61}
    """
    return rf"\expandafter\def\csname {kind}@{name}\endcsname{{{latex_text(text)}}}" + "\n"
