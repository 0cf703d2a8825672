"""Draw the association of protected fields with others, in the datasets and in every arm."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.common.comparison import condition_of, reference_condition
from stages.common.look import COLORS, INK, MIDDLE, PAPER, QUIET
from stages.common.phrases import many, shortened
from stages.common.records import CONDITIONS
from stages.common.tables.bias import AmplificationRow, AssociationRow
from stages.report.figures.drawing import NARROW, SMALL, WIDTH, Drawing, beside, paired, panels
from stages.report.glossary import slug
from stages.report.inputs import Inputs
from stages.report.joined import Pair, amplifications, pair_of
from stages.report.lettering import drawable
from stages.report.numbers import listed

DATA, NOTHING = "Dataset · ", "#f6f6f6"
"""Beginning of the name of a dataset; the fill of what chance may explain."""
Grid: TypeAlias = dict[tuple[str, str], tuple[float, bool]]
"""V by field and attribute, and whether it lies outside its null band."""
Amplified: TypeAlias = Mapping[Pair, AmplificationRow]
CELL, ROW = 0.26, 0.2
LEFT, GAP = 0.9, 0.14
"""Inches for the names of fields, and between two panels."""
MOST_ATTRIBUTES = 20
"""Attributes of a figure; more would not be legible on a page."""


def draw(inputs: Inputs) -> list[Drawing]:
    rows = inputs.tables[AssociationRow]
    return [
        _drawing(prompt, of_prompt, inputs)
        for prompt in inputs.prompts_in_order
        if (of_prompt := [row for row in rows if row.prompt == prompt])
    ]


def _drawing(prompt: str, rows: Sequence[AssociationRow], inputs: Inputs) -> Drawing:
    title, finds = _finding(rows, prompt)
    fields = list(dict.fromkeys(row.field for row in rows))
    others = amplifications(inputs.tables)
    attributes, n_left_out = _attributes(rows, others)
    rows = [row for row in rows if row.attribute in attributes]
    grids = _datasets(rows, others) | _arms(rows, inputs)
    shown = fields, attributes
    narrow = LEFT + CELL * len(attributes) <= NARROW
    words = CAPTION.format(prompt=prompt, one_in=inputs.one_in)
    if n_left_out:
        words += f" Weaker ones, with {n_left_out} more fields, are in metrics/tables/association.csv."
    return Drawing(
        f"association-{slug(prompt)}",
        _figure(grids, *shown, WIDTH),
        title,
        words,
        finds,
        _figure(grids, *shown, NARROW) if narrow else None,
    )


def _figure(grids: dict[str, Grid], fields: Sequence[str], attributes: Sequence[str], width: float) -> Figure:
    """A panel for each dataset and arm, as many side by side as are legible."""
    per_line = max(1, min(len(grids), int((width - LEFT) / (CELL * len(attributes) + GAP))))
    lines = -(-len(grids) // per_line)
    figure, axes = panels(
        lines,
        per_line,
        row=ROW * len(fields),
        top=0.3,
        bottom=0.85,
        between=0.35,
        left=LEFT,
        right=max(0.1, width - LEFT - per_line * (CELL * len(attributes) + GAP)),
        gap=GAP,
        width=width,
    )
    for i, (name, grid) in enumerate(grids.items()):
        panel = axes[i // per_line][i % per_line]
        _heat(panel, grid, fields, attributes, name)
        beside(panel, shortened(name, 34), (0, 1), (0, 4), fontsize=7.5, color=_color(name))
        _labels(panel, fields if i % per_line == 0 else [], attributes if i + per_line >= len(grids) else [])
    for i in range(len(grids), lines * per_line):
        axes[i // per_line][i % per_line].set_visible(False)
    return figure


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
    "fields and 1 where one field determines the other. The datasets come first. In an arm, a cell is "
    "filled where the association lies beyond the null band of unrelated fields; up to 1 in {one_in} does "
    "so by chance alone. An empty cell was not computed."
)


def _finding(rows: Sequence[AssociationRow], prompt: str) -> tuple[str, bool]:
    """The title, and whether more pairs are tied together than chance alone would tie."""
    beyond = [row for row in rows if row.outside]
    of = f"{many(len(rows), 'pair')} of fields"
    if not beyond:
        return f"None of {of} is linked more strongly than chance allows, prompt {prompt}", False
    largest = round(max(row.v - row.band_high for row in beyond), 9)
    most = [row for row in beyond if round(row.v - row.band_high, 9) == largest]
    pairs = listed(list(dict.fromkeys(f"{row.field} with {row.attribute}" for row in most)))
    linked = f"{len(beyond)} of {of} {'is' if len(beyond) == 1 else 'are'} linked beyond chance"
    return f"{linked}, most of all {pairs}, prompt {prompt}", True


def _datasets(rows: Sequence[AssociationRow], others: Amplified) -> dict[str, Grid]:
    """The associations in each dataset, none of them by chance: they are those of all its people."""
    found: dict[str, Grid] = {}
    for condition in CONDITIONS:
        for row in rows:
            own = others.get(pair_of(row))
            if own and reference_condition(condition_of(row.arm)) == condition:
                found.setdefault(f"{DATA}{condition}", {})[row.pair] = (own.v_reference, False)
    return found


def _arms(rows: Sequence[AssociationRow], inputs: Inputs) -> dict[str, Grid]:
    found: dict[str, Grid] = {}
    for arm in paired(inputs.arms):
        of_arm = [row for row in rows if row.arm == arm]
        if of_arm:
            n = max(row.n for row in of_arm)
            found[f"{inputs.name(arm)}, n = {n}"] = {row.pair: (row.v, row.outside) for row in of_arm}
    return found


def _heat(axes: Axes, grid: Grid, fields: Sequence[str], attributes: Sequence[str], name: str) -> None:
    axes.set_xlim(0, len(attributes))
    axes.set_ylim(len(fields), 0)
    for side in axes.spines.values():
        side.set_visible(False)
    for (field, attribute), (v, outside) in grid.items():
        x, y = attributes.index(attribute), fields.index(field)
        fill = _color(name) if outside else _gray(v) if name.startswith(DATA) else NOTHING
        axes.bar(x + 0.5, 0.92, 0.92, bottom=y + 0.04, color=fill, linewidth=0)
        words = "1" if v >= 0.995 else f"{max(v, 0):.2f}"[1:]
        axes.text(
            x + 0.5, y + 0.52, words, ha="center", va="center", fontsize=SMALL,
            color=PAPER if outside else INK if name.startswith(DATA) else QUIET,
        )  # fmt: skip


def _gray(v: float) -> str:
    """The darker, the stronger, as far as black numbers can be read on it."""
    return f"{0.95 - 0.3 * min(1.0, max(0.0, v)):.3f}"


def _color(name: str) -> str:
    """The color of the dataset that is named."""
    return next((COLORS[one] for one in CONDITIONS if one in name.partition(MIDDLE)[2]), COLORS["none"])


def _labels(axes: Axes, fields: Sequence[str], attributes: Sequence[str]) -> None:
    axes.set_yticks(
        [i + 0.5 for i in range(len(fields))], [drawable(shortened(f, 14)) for f in fields], fontsize=7
    )
    axes.set_xticks(
        [i + 0.5 for i in range(len(attributes))],
        [drawable(shortened(a, 14)) for a in attributes],
        fontsize=SMALL,
        rotation=60,
        ha="right",
        rotation_mode="anchor",
    )
    axes.tick_params(length=0)
