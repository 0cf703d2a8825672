"""Figures on the page: their ids, and their colors by night."""

from hypothesis import given
from hypothesis import strategies as st

from stages.common.look import COLORS, INK, PAPER, QUIET
from stages.report.inline import by_night, colors_by_night, inline_svg
from tests.common.test_look import contrast, luminance

HEX = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
SVG = (
    '<svg width="72pt" height="9pt"><title>One "mark"</title>'
    '<g id="a"><use xlink:href="#a" style="fill: #222222; stroke:#0072b2"/></g></svg>'
)


def test_a_figure_has_ids_of_its_own_and_colors_that_the_page_sets():
    shown = inline_svg(SVG, "one")
    assert 'id="one-a"' in shown
    assert 'xlink:href="#one-a"' in shown
    assert 'style="fill: var(--c222222,#222222); stroke:var(--c0072b2,#0072b2)"' in shown
    assert 'aria-label="One &quot;mark&quot;"' in shown
    assert colors_by_night([SVG]).keys() == {"222222", "0072b2"}


def test_text_can_be_read_by_night():
    assert all(contrast(by_night(color), by_night(PAPER)) >= 4.5 for color in (INK, QUIET, *COLORS.values()))


@given(st.integers(0, 255), st.integers(0, 255))
def test_what_is_lighter_by_day_is_darker_by_night(one, other):
    by_day = sorted((one, other))
    darker, lighter = (luminance(by_night(f"#{gray:02x}{gray:02x}{gray:02x}")) for gray in by_day)
    assert darker >= lighter


@given(HEX)
def test_a_color_by_night_is_a_color(color):
    assert len(by_night(color)) == 7
    assert contrast(by_night(color), by_night(color)) == 1
