"""Draw the words that one group of texts has more often than another, beside what chance would mark."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.common.look import FAINT, INK, QUIET
from stages.common.phrases import shortened
from stages.common.tables.base import ALL
from stages.common.tables.words import MarkedWordRow
from stages.report.figures.drawing import WIDTH, Drawing, beside
from stages.report.inputs import Inputs
from stages.report.lettering import drawable

MOST_WORDS, MOST_PANELS = 8, 6
LINE = 0.19
BAND = "#dcdcdc"
MARKED = "#D55E00"


def draw(inputs: Inputs) -> list[Drawing]:
    """Draw the comparisons with the largest z for their threshold; the table has all words."""
    found = comparisons(inputs.tables[MarkedWordRow])[:MOST_PANELS]
    if not found:
        return []
    columns = min(3, len(found))
    lines = -(-len(found) // columns)
    row = LINE * MOST_WORDS + 0.1
    height = 0.1 + lines * (row + 0.75)
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    for i, words in enumerate(found):
        wide = (WIDTH - 0.2) / columns
        left, top = 0.95 + (i % columns) * wide, 0.45 + (i // columns) * (row + 0.75)
        axes = figure.add_axes((left / WIDTH, 1 - (top + row) / height, (wide - 1.0) / WIDTH, row / height))
        _panel(axes, words)
    told = [
        f"{words[0].target} against {words[0].reference} ({_where(words[0])}): {_marked(words)}"
        for words in found
    ]
    return [Drawing("marked-words", figure, f"Marked words. {'; '.join(told)}", CAPTION)]


CAPTION = (
    "The words that stand out most ([marked words](marked_words), z-scores). Words to the right are more "
    "frequent in the first group, words to the left in the second. The gray area shows how far chance "
    "alone takes the strongest word of so few texts. Filled marks lie beyond it. A panel without filled "
    "marks does not prove that there is no bias: few texts mark few words."
)


def comparisons(rows: Sequence[MarkedWordRow]) -> list[list[MarkedWordRow]]:
    """The words of each comparison, the largest |z| first; comparisons by |z| / threshold."""
    grouped: dict[tuple[str, ...], list[MarkedWordRow]] = {}
    for row in rows:
        grouped.setdefault(row.comparison, []).append(row)
    strongest = [sorted(words, key=lambda row: (-abs(row.z), row.word)) for words in grouped.values()]
    return sorted(strongest, key=lambda words: -abs(words[0].z) / max(words[0].threshold, 1e-9))


def _panel(axes: Axes, words: Sequence[MarkedWordRow]) -> None:
    first, shown = words[0], sorted(words[:MOST_WORDS], key=lambda row: -row.z)
    reach = 1.1 * max(first.threshold, abs(first.z))
    axes.set_xlim(-reach, reach)
    axes.set_ylim(MOST_WORDS - 0.4, -0.6)
    axes.axvspan(-first.threshold, first.threshold, color=BAND, linewidth=0, zorder=0)
    axes.axvline(0, color=FAINT, linewidth=0.8, zorder=1)
    for place, row in enumerate(shown):
        color = MARKED if row.marked else QUIET
        axes.plot([0, row.z], [place, place], color=color, linewidth=0.9, zorder=2)
        axes.plot(
            [row.z],
            [place],
            "o",
            color=color,
            markerfacecolor=color if row.marked else "white",
            markersize=4,
            zorder=3,
        )
    axes.set_yticks(range(len(shown)), [drawable(shortened(row.word, 14)) for row in shown], fontsize=7)
    axes.tick_params(length=0, labelsize=7)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    _head(axes, first)


def _head(axes: Axes, row: MarkedWordRow) -> None:
    title = f"{shortened(row.target, 16)} / {shortened(row.reference, 16)}"
    parts = [shortened(one, 13) for one in (*_places(row), row.field)]  # three of them fill the panel's width
    where = f"{', '.join(parts)}, n = {row.n_target}, {row.n_reference}"
    for words, up, size, color in ((title, 12, 7.5, INK), (where, 3, 6, QUIET)):
        beside(axes, words, (0, 1), (-52, up), fontsize=size, color=color)


def _places(row: MarkedWordRow) -> list[str]:
    """The arm and the prompt; none of the two where a comparison is about several."""
    return [one for one in (row.arm, row.prompt) if one != ALL]


def _where(row: MarkedWordRow) -> str:
    return ", ".join([*_places(row), row.field])


def _marked(words: Sequence[MarkedWordRow]) -> str:
    return ", ".join(row.word for row in words if row.marked) or "no word is marked"
