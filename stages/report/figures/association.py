"""Draw the association of protected fields with others, in the datasets and in every arm."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from matplotlib import colormaps
from matplotlib.axes import Axes

from stages.common.comparison import condition_of, reference_condition
from stages.common.look import COLORS, INK, QUIET
from stages.common.phrases import shortened
from stages.common.tables.bias import AmplificationRow, AssociationRow
from stages.report.figures.drawing import LABEL, WIDTH, Drawing, beside, condition_words, panels
from stages.report.glossary import slug
from stages.report.inputs import Inputs
from stages.report.joined import Pair, amplifications, pair_of
from stages.report.lettering import drawable

Grid: TypeAlias = dict[tuple[str, str], tuple[float, bool]]
"""V by field and attribute, and whether it lies outside its null band."""
Amplified: TypeAlias = Mapping[Pair, AmplificationRow]
CELL = 0.3
PER_LINE = 4
MOST_ATTRIBUTES = 24
"""Attributes of a figure; more would not be legible on a page."""
SCALE = colormaps["Blues"]
"""One hue, from light to dark, for color-blind eyes and gray print; each cell shows its number too."""


def draw(inputs: Inputs) -> list[Drawing]:
    rows = inputs.tables[AssociationRow]
    return [
        _figure(prompt, of_prompt, inputs)
        for prompt in inputs.prompts_in_order
        if (of_prompt := [row for row in rows if row.prompt == prompt])
    ]


def _figure(prompt: str, rows: Sequence[AssociationRow], inputs: Inputs) -> Drawing:
    fields = list(dict.fromkeys(row.field for row in rows))
    others = amplifications(inputs.tables)
    attributes, n_left_out = _attributes(rows, others)
    rows = [row for row in rows if row.attribute in attributes]
    grids = _datasets(rows, others) | _arms(rows, inputs.arms)
    per_line = min(PER_LINE, len(grids))
    lines = -(-len(grids) // per_line)
    figure, axes = panels(
        lines,
        per_line,
        row=CELL * len(fields),
        top=0.5,
        bottom=1.0,
        between=0.6,
        left=1.0,
        width=max(WIDTH, LABEL + per_line * 0.36 * len(attributes)),
    )
    for i, (name, grid) in enumerate(grids.items()):
        panel = axes[i // per_line][i % per_line]
        _heat(panel, grid, fields, attributes)
        _head(panel, *name)
        _labels(panel, fields if i % per_line == 0 else [], attributes if i + per_line >= len(grids) else [])
    for i in range(len(grids), lines * per_line):
        axes[i // per_line][i % per_line].set_visible(False)
    title = f"Association of {len(fields)} protected fields with {len(attributes)} others, prompt {prompt}"
    words = CAPTION.format(prompt=prompt)
    if n_left_out:
        words += f" Weaker ones, with {n_left_out} more fields, are in metrics/tables/association.csv."
    return Drawing(f"association-{slug(prompt)}", figure, title, words)


def _attributes(rows: Sequence[AssociationRow], others: Amplified) -> tuple[list[str], int]:
    """The attributes with the strongest associations, in the order of the rows; the number of the others."""
    strongest: dict[str, float] = {}
    for row in rows:
        own = others.get(pair_of(row))
        strongest[row.attribute] = max(strongest.get(row.attribute, 0), row.v, own.v_reference if own else 0)
    kept = sorted(strongest, key=lambda name: -strongest[name])[:MOST_ATTRIBUTES]
    return [name for name in strongest if name in kept], len(strongest) - len(kept)


CAPTION = (
    "Prompt {prompt}. [Association](association) (Cramér’s V, corrected for small n) is 0 for unrelated "
    "fields and 1 where one field determines the other. The datasets come first, then the arms. A frame "
    "marks a value outside the null band of unrelated fields. An empty cell was not computed."
)


def _datasets(rows: Sequence[AssociationRow], others: Amplified) -> dict[tuple[str, str], Grid]:
    found: dict[tuple[str, str], Grid] = {}
    for row in rows:
        condition = reference_condition(condition_of(row.arm))
        if own := others.get(pair_of(row)):
            found.setdefault((f"{condition} dataset", condition), {})[row.pair] = (own.v_reference, False)
    return dict(sorted(found.items(), key=lambda item: item[0][1] != "original"))


def _arms(rows: Sequence[AssociationRow], arms: Sequence[str]) -> dict[tuple[str, str], Grid]:
    found = {}
    for arm in arms:
        of_arm = [row for row in rows if row.arm == arm]
        if of_arm:
            n = max(row.n for row in of_arm)
            name = arm.rpartition("/")[0], f"{condition_words(arm)}, n = {n}"
            found[name] = {row.pair: (row.v, row.outside) for row in of_arm}
    return found


def _heat(axes: Axes, grid: Grid, fields: Sequence[str], attributes: Sequence[str]) -> None:
    axes.set_xlim(0, len(attributes))
    axes.set_ylim(len(fields), 0)
    for side in axes.spines.values():
        side.set_visible(False)
    for (field, attribute), (v, outside) in grid.items():
        x, y = attributes.index(attribute), fields.index(field)
        share = min(1.0, max(0.0, v))
        axes.bar(
            x + 0.5,
            0.92,
            0.92,
            bottom=y + 0.04,
            color=SCALE(share * 0.9),
            linewidth=1.4 if outside else 0,
            edgecolor=INK,
            zorder=2 if outside else 1,
        )
        words = f"{v:.2f}"[1:] if v < 0.995 else "1"
        axes.text(
            x + 0.5,
            y + 0.5,
            words,
            ha="center",
            va="center",
            fontsize=6,
            color="white" if share > 0.5 else INK,
        )


def _head(axes: Axes, name: str, words: str) -> None:
    beside(axes, shortened(name, 19), (0, 1), (0, 12), fontsize=8)
    color = COLORS.get(words.split(",", maxsplit=1)[0], QUIET)
    said = "" if name == f"{words} dataset" else words
    beside(axes, said, (0, 1), (0, 3), fontsize=7, color=color)


def _labels(axes: Axes, fields: Sequence[str], attributes: Sequence[str]) -> None:
    axes.set_yticks(
        [i + 0.5 for i in range(len(fields))], [drawable(shortened(f, 15)) for f in fields], fontsize=7
    )
    axes.set_xticks(
        [i + 0.5 for i in range(len(attributes))],
        [drawable(shortened(a, 15)) for a in attributes],
        fontsize=7,
        rotation=60,
        ha="right",
        rotation_mode="anchor",
    )
    axes.tick_params(length=0)
