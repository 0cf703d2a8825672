"""Draw the words that one group of texts has more often than another, beside what chance would mark."""

import re
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.common.comparison import condition_of, reference_condition
from stages.common.look import BAND, COLORS, FAINT, INK, PAPER, QUIET
from stages.common.phrases import many, shortened
from stages.common.tables.base import ALL
from stages.common.tables.words import MarkedWordRow
from stages.report.figures.drawing import NARROW, SMALL, WIDTH, Drawing, beside
from stages.report.inputs import Inputs
from stages.report.lettering import drawable
from stages.report.numbers import listed

MOST_WORDS, MOST_PANELS = 8, 6
GENERATED = "generated"
LINE = 0.19
ARM, DATA = re.compile(r".+/(original|augmented|none)"), "dataset"
"""How a group is called that is an arm, or the dataset of an arm."""


def draw(inputs: Inputs) -> list[Drawing]:
    """Draw the comparisons with the largest z for their threshold; the table has all words."""
    found = comparisons(inputs.tables[MarkedWordRow])
    if not found:
        return []
    shown = found[:MOST_PANELS]
    wide, narrow = (_figure(shown, inputs, width) for width in (WIDTH, NARROW))
    return [Drawing("marked-words", wide, *_finding(found, inputs), narrow)]


def _finding(found: Sequence[Sequence[MarkedWordRow]], inputs: Inputs) -> tuple[str, str, bool]:
    """The title, the caption, and whether any word is marked."""
    marked = [row for words in found for row in words if row.marked]
    of = many(len(found), "comparison")
    if not marked:
        return f"No word stands out beyond chance in {of}", CAPTION, False
    most = max(marked, key=lambda row: abs(row.z) / max(row.threshold, 1e-9))
    words = [
        f"“{row.word}”"
        for row in marked
        if (row.target, row.reference, row.prompt, row.arm)
        == (most.target, most.reference, most.prompt, most.arm)
        and abs(row.z - most.z) <= 1e-6 * abs(most.z)
    ]
    groups = [group_name(one, most, inputs) for one in (most.target, most.reference)]
    first, second = groups if most.z > 0 else groups[::-1]
    title = (
        f"{many(len(marked), 'word')} in {of} stand{'s' * (len(marked) == 1)} out beyond chance, most of all "
        f"{listed(words)}: {first} more than {second}"
    )
    return title, CAPTION, True


def group_name(group: str, row: MarkedWordRow, inputs: Inputs) -> str:
    """A group of texts for people: an arm, its dataset, or people of a level."""
    if ARM.fullmatch(group):
        return inputs.name(group)
    if group == GENERATED and row.arm != ALL:
        return inputs.name(row.arm)
    if group == DATA:
        return f"{DATA} · {reference_condition(condition_of(row.arm))}" if ARM.fullmatch(row.arm) else DATA
    return group


def _figure(found: Sequence[Sequence[MarkedWordRow]], inputs: Inputs, width: float) -> Figure:
    columns = min(2 if width == WIDTH else 1, len(found))
    lines = -(-len(found) // columns)
    row = LINE * MOST_WORDS + 0.1
    height = 0.1 + lines * (row + 0.8)
    figure = Figure(figsize=(width, height), facecolor="white")
    for i, words in enumerate(found):
        wide = (width - 0.1) / columns
        left, top = 0.9 + (i % columns) * wide, 0.5 + (i // columns) * (row + 0.8)
        axes = figure.add_axes((left / width, 1 - (top + row) / height, (wide - 1.0) / width, row / height))
        _panel(axes, words, inputs)
    return figure


CAPTION = (
    "The words that stand out most ([marked words](marked_words), z-scores). Words to the right are more "
    "frequent in the group named after “more”, words to the left in the other. The gray area shows "
    "how far chance alone takes the strongest word of so few texts. Marks beyond it are filled, in the color "
    "of the dataset. A panel without filled marks does not prove that there is no "
    "bias: few texts mark few words."
)


def comparisons(rows: Sequence[MarkedWordRow]) -> list[list[MarkedWordRow]]:
    """The words of each comparison, the largest |z| first; comparisons by |z| / threshold."""
    grouped: dict[tuple[str, ...], list[MarkedWordRow]] = {}
    for row in rows:
        grouped.setdefault(row.comparison, []).append(row)
    strongest = [sorted(words, key=lambda row: (-abs(row.z), row.word)) for words in grouped.values()]
    return sorted(strongest, key=lambda words: -abs(words[0].z) / max(words[0].threshold, 1e-9))


def _panel(axes: Axes, words: Sequence[MarkedWordRow], inputs: Inputs) -> None:
    first, shown = words[0], sorted(words[:MOST_WORDS], key=lambda row: -row.z)
    reach = 1.1 * max(first.threshold, abs(first.z))
    axes.set_xlim(-reach, reach)
    axes.set_ylim(MOST_WORDS - 0.4, -0.6)
    axes.axvspan(-first.threshold, first.threshold, color=BAND, linewidth=0, zorder=0)
    axes.axvline(0, color=FAINT, linewidth=0.8, zorder=1)
    for place, row in enumerate(shown):
        color = _color(row) if row.marked else QUIET
        axes.plot([0, row.z], [place, place], color=color, linewidth=0.9, zorder=2)
        axes.plot(
            [row.z],
            [place],
            "o",
            color=color,
            markerfacecolor=color if row.marked else PAPER,
            markersize=4.5 if row.marked else 3,
            zorder=3,
        )
    axes.set_yticks(range(len(shown)), [drawable(shortened(row.word, 13)) for row in shown], fontsize=7)
    axes.tick_params(length=0, labelsize=7)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    _head(axes, first, inputs)


def _color(row: MarkedWordRow) -> str:
    """The color of the dataset behind the group that has the word more often; black if there is none."""
    group = row.target if row.z > 0 else row.reference
    arm = row.arm if group == GENERATED else group
    return COLORS[condition_of(arm)] if ARM.fullmatch(arm) else INK


def _head(axes: Axes, row: MarkedWordRow, inputs: Inputs) -> None:
    groups = [shortened(group_name(one, row, inputs), 24) for one in (row.reference, row.target)]
    where = ", ".join(shortened(one, 20) for one in _places(row, inputs))
    beside(axes, where, (0, 1), (-56, 23), fontsize=SMALL, color=QUIET)
    beside(axes, f"more: {groups[1]}, n = {row.n_target}", (0, 1), (-56, 13), fontsize=SMALL, color=INK)
    beside(axes, f"less: {groups[0]}, n = {row.n_reference}", (0, 1), (-56, 3), fontsize=SMALL, color=INK)


def _places(row: MarkedWordRow, inputs: Inputs) -> list[str]:
    """The arm if no group names it, the prompt if it is one, and the field."""
    arm = [] if row.arm == ALL or row.target == GENERATED else [inputs.name(row.arm)]
    return [*arm, *([] if row.prompt == ALL else [row.prompt]), row.field]
