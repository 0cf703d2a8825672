"""Definitions of all metrics, read from the tables of docs/method.md, which is the one source."""

import re
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup, escape

from stages.common.files import read_text
from stages.common.shown import visible

METHOD = Path("docs/method.md")
HEAD = "| metric (table) | formula | unit |"
"""The beginning of a table of metrics; there may be several."""
_LINK = re.compile(r"\[([^\[\]]+)\]\(#[^()\s]*\)")
"""A link to a section of the method, which the page does not have."""


@dataclass(frozen=True)
class Definition:
    """A row of such a table; its texts use a little Markdown: see `markdown`."""

    name: str
    keys: tuple[str, ...]
    """The files that hold the metric, as links name it: `total_variation`, `train_*`."""
    formula: str
    unit: str
    limits: str
    """What it can and cannot say."""

    @property
    def anchor(self) -> str:
        return f"what-{slug(self.name)}"


class Glossary:
    """All definitions, and where a link to one of them leads."""

    def __init__(self, definitions: list[Definition]) -> None:
        self.definitions = definitions
        self._anchors = {key: one.anchor for one in reversed(definitions) for key in (*one.keys, one.name)}

    def anchor(self, key: str) -> str:
        """The anchor of a definition, by table or name; that of the whole glossary if it is not defined."""
        return self._anchors.get(key, "glossary")


def load_glossary(path: Path = METHOD) -> Glossary:
    return Glossary(definitions(read_text(path)))


def definitions(text: str) -> list[Definition]:
    r"""The rows of every table of metrics in a Markdown text.

    >>> row = "| total variation (`tv`) | ½ Σ \\|p − q\\| | share | far |"
    >>> definitions(f"{HEAD} says |\n|---|---|---|---|\n{row}")[0].formula
    '½ Σ |p − q|'
    """
    found, inside = [], False
    for line in text.splitlines():
        if line.startswith(HEAD):
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|---"):
            found.append(_definition(line))
    return found


def markdown(text: str) -> Markup:
    """HTML of code, strong and emphasis; a link becomes its words, and everything else is text.

    >>> str(markdown("`n` < **5**, see [Variety](#variety)"))
    '<code>n</code> &lt; <strong>5</strong>, see Variety'
    """
    html = re.sub(_LINK, r"\1", str(escape(visible(text))))
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", html)
    html = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", html)
    return Markup(re.sub(r"(?<![\w*])\*([^*]+)\*(?!\w)", r"<em>\1</em>", html))


def slug(name: str) -> str:
    """A name as part of an address.

    >>> slug("Jensen–Shannon (bits)")
    'jensen-shannon-bits'
    """
    return re.sub(r"\W+", "-", name.lower()).strip("-")


def _definition(line: str) -> Definition:
    cells = [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    name, formula, unit, *limits = [*cells, "", "", ""][: max(4, len(cells))]
    bare = re.sub(r"\s*\(.*\)$", "", re.sub(_LINK, r"\1", name)).strip("*` ")
    keys = re.findall(r"`([^`]+)`", name)
    return Definition(bare, tuple(Path(key).stem for key in keys), formula, unit, " ".join(limits).strip())
