"""Figures as a part of the page: they follow its width, and its colors by night."""

import colorsys
import re
from collections.abc import Iterable

from stages.common.look import COLORS, DARK, PAPER

SCREEN = 1.7
"""Pixels on the page per point of a figure: its small print is then as large as the page's."""
_COLOR = re.compile(r"(?<=[\s\":])#([0-9a-f]{6})\b")
_NIGHT = {PAPER: "#16191d"} | {COLORS[condition]: DARK[condition] for condition in COLORS}
_DARKEST, _RANGE = 0.11, 0.82
"""Lightness of white by night, and from there to that of black."""


def inline_svg(svg: str, name: str) -> str:
    """The SVG element as a part of the page, whose width it follows.

    Its ids begin with `name`, as several figures stand on one page. A color becomes a variable of the
    page, which is set by night alone.
    """
    start = svg.index("<svg")
    end = svg.index(">", start)
    tag = re.sub(r' (width|height)="[^"]*"', "", svg[start:end])
    body = re.sub(r'( id="|xlink:href="#|url\(#)', lambda match: f"{match[1]}{name}-", svg[end:])
    body = re.sub(_COLOR, r"var(--c\1,#\1)", body)
    width = re.search(r'width="([\d.]+)pt"', svg)
    most = f' style="max-width:{float(width[1]) * SCREEN:.0f}px"' if width else ""
    return f'{tag} role="img" aria-label="{_title(svg)}"{most}{body}'


def colors_by_night(svgs: Iterable[str]) -> dict[str, str]:
    """Each color of the figures, without its #, and what it is on a dark page."""
    found = sorted({color for svg in svgs for color in re.findall(_COLOR, svg)})
    return {color: by_night(f"#{color}") for color in found}


def by_night(color: str) -> str:
    """The color on a dark page: its hue, with the lightness reversed.

    >>> by_night("#ffffff"), by_night("#222222"), by_night("#0072b2")
    ('#16191d', '#d1d1d1', '#6cb6f0')
    """
    if color in _NIGHT:
        return _NIGHT[color]
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    reversed_ = colorsys.hls_to_rgb(hue, _DARKEST + _RANGE * (1 - lightness), saturation * 0.8)
    return "#" + "".join(f"{round(255 * part):02x}" for part in reversed_)


def _title(svg: str) -> str:
    """The title of the figure, escaped as in the SVG."""
    found = re.search(r"<title>(.*?)</title>|<dc:title>(.*?)</dc:title>", svg, re.DOTALL)
    return (found[1] or found[2]).replace('"', "&quot;") if found else ""
