"""Arms have one name each, colors can be read, and marks differ in gray."""

from hypothesis import given
from hypothesis import strategies as st

from stages.common.look import COLORS, DARK, PAPER, SHAPES, VERDICT_COLORS, VERDICT_SYMBOLS, arm_name, symbol
from stages.common.verdicts import VERDICT_WORDS, VERDICTS

MODELS = st.sampled_from(["tiny", "big", "org/tiny"])
WAYS = st.sampled_from(["", "+lora", "+shots", "+lora+constrained", "+lora-interactive", "-interactive"])
CHATS = st.sampled_from(["claude", "claude(API)", "chatgpt", "gemini", "mistral", "grok(API)"])
SOURCES = st.builds(str.__add__, MODELS, WAYS) | CHATS
ARMS = st.builds("{}/{}".format, SOURCES, st.sampled_from(["original", "augmented", "none"]))


@given(st.sets(ARMS, max_size=12))
def test_every_arm_has_a_name_of_its_own(arms):
    assert len({arm_name(arm, "tiny") for arm in arms}) == len(arms)


@given(st.sampled_from(["tiny+lora", "tiny+shots", "claude", "chatgpt", "gemini(API)"]))
def test_without_color_the_symbol_tells_the_dataset(source):
    assert symbol(f"{source}/original", "tiny") != symbol(f"{source}/augmented", "tiny")


def test_shapes_and_verdicts_are_told_apart():
    assert len({shape.marker for shape in SHAPES.values()}) == len(SHAPES)
    assert len({shape.vega for shape in SHAPES.values()}) == len(SHAPES)
    assert len({*VERDICT_SYMBOLS.values()}) == len({*VERDICT_COLORS.values()}) == len(VERDICTS)
    assert {*VERDICTS} == {*VERDICT_WORDS} == {*VERDICT_SYMBOLS} == {*VERDICT_COLORS}


def test_text_in_the_color_of_a_dataset_can_be_read():
    assert all(contrast(color, paper) >= 4.5 for color in COLORS.values() for paper in (PAPER, "#f6f7f8"))
    assert all(contrast(color, "#16191d") >= 4.5 for color in DARK.values())


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colors (WCAG 2.2, 1.4.3).

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
