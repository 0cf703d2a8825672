"""The name, color and shape of an arm: one encoding for the page, the figures, DVC's plots and the terminal.

Color shows the dataset, shape shows who wrote. In gray print, marks of the original dataset are
filled and marks of the augmented dataset are open.
"""

from dataclasses import dataclass

from stages.common.comparison import CONSTRAINED, condition_of, free_twin, source_of
from stages.common.verdicts import Verdict

INK, QUIET, FAINT, BAND, PAPER = "#222222", "#5c636b", "#dddddd", "#c9c9c9", "#ffffff"
COLORS = {"original": "#0072b2", "augmented": "#b84e00", "none": "#555555"}
"""Color by condition, for marks and text: blue and vermilion after Okabe and Ito, for color-blind eyes.

The vermilion is darker than theirs. Each has a contrast of 4.5 or more on white and on the page's gray.
"""
TINTS = {"original": "#cfe3f0", "augmented": "#f7dcc9", "none": "#dedede"}
"""Light fills for ranges, by condition."""
DARK = {"original": "#6cb6f0", "augmented": "#f0975a", "none": "#b5bbc2"}
"""COLORS on a dark page."""
DASHES = {"original": "-", "augmented": (0, (4, 2))}
"""Lines by condition."""
IS_FILLED = {"original": True, "augmented": False, "none": True}
"""Whether the marks of a condition are filled."""

VERDICT_COLORS: dict[Verdict, str] = {
    "fits": "#2a7a3f",
    "fits, with extra text": "#79b987",
    "repaired": "#c3dfc7",
    "does not fit": "#8a8f96",
    "refused": "#4d4d4d",
    "empty": "#eeeeee",
}
"""Fills by verdict: valid ones are green, from dark to light."""
VERDICT_SYMBOLS: dict[Verdict, str] = {
    "fits": "✓",
    "fits, with extra text": "✓+",
    "repaired": "✓~",
    "does not fit": "✗",
    "refused": "⊘",
    "empty": "∅",
}

MIDDLE = " · "
INTERACTIVE, THROUGH_API = "-interactive", "(API)"
"""Endings of a source that was asked by hand, and of a chat that was asked through its API."""
CHATS = {"claude": "Claude", "chatgpt": "ChatGPT", "gemini": "Gemini"}


@dataclass(frozen=True)
class Shape:
    """One shape, as each way of drawing calls it."""

    marker: str
    """Matplotlib's marker."""
    vega: str
    """Vega's shape, for DVC's plots."""
    filled: str
    open: str


SHAPES = {
    "base": Shape("P", "cross", "✚", "✚"),
    "lora": Shape("o", "circle", "●", "○"),
    "shots": Shape("s", "square", "■", "□"),
    "claude": Shape("^", "triangle-up", "▲", "△"),
    "chatgpt": Shape("D", "diamond", "◆", "◇"),
    "gemini": Shape("v", "triangle-down", "▼", "▽"),
    "other": Shape(">", "triangle-right", "▶", "▷"),
}
"""Shape by writer."""


def arm_name(arm: str, base: str) -> str:
    """The arm's name for people; `base` is the word after `base:` of params.yaml.

    Different arms have different names. A writer that is not known keeps its name.

    >>> arm_name("tiny+lora/original", "tiny"), arm_name("tiny+shots/augmented", "tiny")
    ('LoRA · original', 'Examples · augmented')
    >>> arm_name("tiny/none", "tiny"), arm_name("claude(API)/none", "tiny")
    ('Base model', 'Claude (API) · no data')
    >>> arm_name("big+lora-interactive/original", "tiny"), arm_name("mistral/augmented", "tiny")
    ('LoRA, asked by hand (big) · original', 'mistral · augmented')
    """
    model, writer = _writer(arm, base)
    name = {"base": "Base model", "lora": "LoRA", "shots": "Examples"}.get(writer) or _chat(model)
    if CONSTRAINED in source_of(arm):
        name += ", by grammar"
    if source_of(arm).endswith(INTERACTIVE):
        name += ", asked by hand"
    if writer in ("base", "lora", "shots") and model != base:
        name += f" ({model})"
    return name if writer == "base" and condition_of(arm) == "none" else f"{name}{MIDDLE}{data_name(arm)}"


def data_name(arm: str) -> str:
    """The dataset that an arm was trained on or shown, in words.

    >>> data_name("claude/none"), data_name("claude/original")
    ('no data', 'original')
    """
    condition = condition_of(arm)
    return "no data" if condition == "none" else condition


def writer_name(arm: str, base: str) -> str:
    """The name of an arm without its dataset.

    >>> writer_name("tiny+lora/original", "tiny"), writer_name("tiny/none", "tiny")
    ('LoRA', 'Base model')
    """
    return arm_name(arm, base).removesuffix(f"{MIDDLE}{data_name(arm)}")


def shape_of(arm: str, base: str) -> Shape:
    """The shape of the arm's writer.

    >>> shape_of("tiny+lora/original", "tiny").marker, shape_of("claude(API)/none", "tiny").marker
    ('o', '^')
    """
    return SHAPES[_writer(arm, base)[1]]


def symbol(arm: str, base: str) -> str:
    """The arm's shape as a character, filled or open.

    >>> symbol("tiny+lora/original", "tiny"), symbol("tiny+lora/augmented", "tiny")
    ('●', '○')
    """
    shape = shape_of(arm, base)
    return shape.filled if IS_FILLED[condition_of(arm)] else shape.open


def _writer(arm: str, base: str) -> tuple[str, str]:
    """The model or chat behind an arm, and its key in SHAPES."""
    model = free_twin(source_of(arm)).removesuffix(INTERACTIVE)
    for suffix in ("lora", "shots"):
        if model.endswith(f"+{suffix}"):
            return model.removesuffix(f"+{suffix}"), suffix
    if (chat := model.removesuffix(THROUGH_API).lower()) in CHATS:
        return model, chat
    is_base = model == base or (source_of(arm).endswith(INTERACTIVE) and condition_of(arm) == "none")
    return model, "base" if is_base else "other"


def _chat(model: str) -> str:
    plain = model.removesuffix(THROUGH_API)
    name = CHATS.get(plain, plain)
    return f"{name} {THROUGH_API}" if model.endswith(THROUGH_API) else name
