r"""The running text of a LaTeX file: without comments, preamble, references and arguments of commands."""

import re

from thesis.claims.manuscript.blanking import blanked

_ARGUMENT = r"(?:\s*\[[^\]]*\])*\{(?:[^{}]|\{[^{}]*\})*\}"
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_CLAIM = re.compile(r"\\claim(?:sentence)?\{([^{}]*)\}")
_HIDDEN = [
    _COMMENT,
    re.compile(r"\A.*?\\begin\{document\}", re.DOTALL),
    re.compile(r"\\begin\{(thebibliography|verbatim|lstlisting|minted)\}.*?\\end\{\1\}", re.DOTALL),
    _CLAIM,
    re.compile(
        r"\\(?:\w*cite\w*|\w*ref|label|url|href|input|include|includegraphics|bibliography\w*|usepackage"
        r"|documentclass|begin|end|[vh]space\*?|setlength|setcounter|addtocounter|rule|color|hypersetup)"
        rf"(?:{_ARGUMENT})+"
    ),
    re.compile(r"(?<![\w.])\d*\.?\d+\s*(?:\\(?:text|line|column)width|(?:pt|em|ex|mm)\b)"),
    re.compile(r"\\(?:[a-zA-Z]+\*?|\\)(?P<hide>\[[^\]]*\])"),
]
_HEADING = re.compile(r"\\(?:part|chapter|(?:sub)*section|(?:sub)?paragraph)\*?(?=\{)")
_SIGNS = {
    r"$-$": "−",
    r"\textminus": "−",
    r"\%": "%",
    r"\,": "\u00a0",
    "~": "\u00a0",
    "---": "—",
    "--": "–",
    "$": "",
    "{": "",
    "}": "",
}


def macro_names(text: str) -> list[str]:
    r"""The claims that \claim and \claimsentence name.

    >>> macro_names(r"about \claim{race-white} of them % \claim{old}")
    ['race-white']
    """
    return _CLAIM.findall(blanked(text, _COMMENT))


def tex_text(text: str) -> str:
    r"""The running text on the lines of the file, with signs as they are printed and headings as # …

    >>> tex_text("\\section{Two}\n12\\% of~10 \\cite{b7} % 3").rstrip()
    '# Two\n12% of\xa010'
    """
    for pattern in _HIDDEN:
        text = blanked(text, pattern)
    text = _HEADING.sub("# ", text)
    for sign, plain in _SIGNS.items():
        text = text.replace(sign, plain)
    return text
