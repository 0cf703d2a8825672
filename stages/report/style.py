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
    "svg.fonttype": "none",  # real text: it can be searched and read aloud
    "pdf.fonttype": 42,  # TrueType: text of the PDF can be searched
    "hatch.linewidth": 0.6,
}
FALLBACK = "Verdana, sans-serif"
"""Fonts of a reader's machine that are about as wide as the main one."""
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def style_for(texts: Iterable[str]) -> dict[str, Any]:
    """The style with the fonts that these texts need."""
    return STYLE | {"font.family": families(texts)}


def svg_text(figure: Figure, title: str) -> str:
    """The figure as SVG, its words as text, its title for screen readers.

    A control character in the title would make it invalid XML.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={**NO_METADATA, "Title": title}, **saving(figure))
    text = buffer.getvalue().decode("utf-8")
    text = re.sub(rf"(font(?:-family)?: [^;\"]*'{MAIN}'[^;\"]*)", rf"\1, {FALLBACK}", text)
    return visible(re.sub(r" *<metadata>.*?</metadata>\n", "", text, flags=re.DOTALL))
