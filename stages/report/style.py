"""The look of all figures, and SVG with the same bytes every time."""

import io
import re
from collections.abc import Iterable
from typing import Any

from matplotlib.figure import Figure

from stages.common.look import INK, QUIET
from stages.common.shown import visible
from stages.report.lettering import MAIN, families, saving

STYLE: dict[str, Any] = {
    "font.family": MAIN,
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # a name with $ is a name
    "axes.labelcolor": QUIET,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "svg.hashsalt": "llama-thesis",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,  # TrueType: text of the PDF can be searched
    "hatch.linewidth": 0.6,
}
SCREEN = 1.7
"""Pixels on the page per point of a figure: its small print is then as large as the page's."""
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def style_for(texts: Iterable[str]) -> dict[str, Any]:
    """The style with the fonts that these texts need."""
    return STYLE | {"font.family": families(texts)}


def svg_text(figure: Figure, title: str) -> str:
    """The figure as SVG, its words as outlines, its title as text for screen readers.

    A control character in the title would make it invalid XML.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={**NO_METADATA, "Title": title}, **saving(figure))
    text = buffer.getvalue().decode("utf-8")
    return visible(re.sub(r" *<metadata>.*?</metadata>\n", "", text, flags=re.DOTALL))


def inline_svg(svg: str, name: str) -> str:
    """The SVG element as a part of the page, whose width it follows.

    Its ids begin with `name`, as several figures stand on one page.
    """
    start = svg.index("<svg")
    end = svg.index(">", start)
    tag = re.sub(r' (width|height)="[^"]*"', "", svg[start:end])
    body = re.sub(r'( id="|xlink:href="#|url\(#)', lambda match: f"{match[1]}{name}-", svg[end:])
    width = re.search(r'width="([\d.]+)pt"', svg)
    most = f' style="max-width:{float(width[1]) * SCREEN:.0f}px"' if width else ""
    return f'{tag} role="img" aria-label="{_title(svg)}"{most}{body}'


def _title(svg: str) -> str:
    """The title of the figure, escaped as in the SVG."""
    found = re.search(r"<title>(.*?)</title>|<dc:title>(.*?)</dc:title>", svg, re.DOTALL)
    return (found[1] or found[2]).replace('"', "&quot;") if found else ""
