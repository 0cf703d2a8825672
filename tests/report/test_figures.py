"""Figures of rows made by hand: they are drawn, and their descriptions say what they show."""

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.style import context
from matplotlib.text import Text

from stages.common.records import CONDITIONS
from stages.common.tables.base import Band
from stages.common.tables.bias import AmplificationRow, AssociationRow
from stages.common.tables.fidelity import DistributionRow, TotalVariationRow
from stages.common.tables.format import ValidityRow
from stages.common.tables.registry import TABLES
from stages.common.tables.variety import VarietyBandRow, VarietyRow
from stages.common.tables.words import MarkedWordRow
from stages.report.figures import (
    association,
    contrasts,
    fidelity_diversity,
    field_shares,
    funnel,
    marked_words,
)
from stages.report.figures.drawing import NARROW, SMALL, WIDTH, Drawing, pdf_bytes
from stages.report.figures.registry import all_drawings
from stages.report.inline import inline_svg
from stages.report.inputs import Inputs, load_inputs
from stages.report.lettering import drawable, families, legend_of, start_numbers, written
from stages.report.overview import overview, title_of
from stages.report.style import STYLE, style_for, svg_text
from tests.report.study import SHOTS, TUNED, made, with_tables
from tests.report.test_answers import CONTRAST


@pytest.fixture
def inputs(cats: Path) -> Inputs:
    return load_inputs()


def drawn(draw, inputs: Inputs, **tables) -> list[Drawing]:
    with context(["default", STYLE]), warnings.catch_warnings():
        warnings.simplefilter("error")
        found = draw(with_tables(inputs, **tables))
        for drawing in found:
            assert svg_text(drawing.figure, drawing.title).count("<svg") == 1
            assert pdf_bytes(drawing.figure).startswith(b"%PDF")
        return found


def test_without_rows_there_is_no_figure(inputs: Inputs):
    for module in (association, contrasts, fidelity_diversity, marked_words):
        assert drawn(module.draw, inputs) == []


def test_association_shows_datasets_and_arms(inputs: Inputs):
    row = made(
        AssociationRow,
        arm=TUNED,
        prompt="any-cat",
        field="coat",
        attribute="home.kind",
        n=9,
        v=0.8,
        p=0.01,
        band_low=0,
        band_high=0.5,
    )
    against = made(
        AmplificationRow,
        arm=TUNED,
        prompt="any-cat",
        field="coat",
        attribute="home.kind",
        v_reference=0.1,
        amplification=0.7,
        amplification_low=-0.1,
        amplification_high=0.4,
    )
    (found,) = drawn(association.draw, inputs, association=[row], amplification=[against])
    assert (found.name, row.outside, against.outside) == ("association-any-cat", True, True)
    assert len([axes for axes in found.figure.axes if axes.get_visible()]) == 2


def test_a_contrast_says_its_difference_and_p(inputs: Inputs):
    (found,) = drawn(contrasts.draw, inputs, contrasts=[CONTRAST])
    assert found.title == "Most different: share of coat = black, by −0.70"
    equal = replace(CONTRAST, level="red", difference=0.7)
    (found,) = drawn(contrasts.draw, inputs, contrasts=[CONTRAST, equal])
    assert found.title == "Most different: share of coat = black, by −0.70; share of coat = red, by +0.70"
    near = replace(CONTRAST, p_adjusted=0.3)
    (found,) = drawn(contrasts.draw, inputs, contrasts=[near])
    assert (found.title, found.finds) == ("None of 1 declared contrast differs beyond chance", False)


def test_arms_and_words_that_tie_are_all_named(inputs: Inputs):
    counts = {TUNED: 9, TUNED.replace("original", "augmented"): 9, SHOTS: 0}
    valid = [made(ValidityRow, arm=arm, prompt="any-cat", n=9, n_valid=n) for arm, n in counts.items()]
    (found,) = drawn(funnel.draw, inputs, validity=valid)
    best, worst = found.title.split(", ")
    assert best == "LoRA fits the schema most often (9 of 9 draws each)"
    assert worst.endswith("least often (0 of 9 draws)")
    row = made(
        MarkedWordRow, arm=TUNED, prompt="any-cat", field="note", target=TUNED, reference="b", n_target=5
    )
    pairs = [replace(row, word=word, z=3.0, threshold=2, marked=True) for word in ("purrs", "naps")]
    (found,) = drawn(marked_words.draw, inputs, marked_words=pairs)
    assert "most of all “naps” and “purrs”: " in found.title
    tie = made(AssociationRow, arm=TUNED, prompt="any-cat", field="coat", attribute="home.kind", n=9, v=0.8,
               p=0.01, band_low=0, band_high=0.5)  # fmt: skip
    linked, _ = association._finding([tie, replace(tie, attribute="weight")], "any-cat")
    assert "most of all coat with home.kind and coat with weight, prompt" in linked


def test_points_average_the_protected_fields(inputs: Inputs):
    def distance(arm: str, field: str, tv: float) -> TotalVariationRow:
        return made(
            TotalVariationRow,
            arm=arm,
            prompt="any-cat",
            field=field,
            role="protected",
            n=9,
            tv=tv,
            band=Band(band_low=0, band_high=0.4),
            low=tv - 0.1,
            high=tv + 0.1,
        )

    rows = [
        distance(arm, field, tv) for arm in (TUNED, SHOTS) for field, tv in (("coat", 0.2), ("tame", 0.4))
    ]
    variety = [
        made(
            VarietyRow,
            arm=arm,
            prompt="any-cat",
            measure="mean_distance",
            n=9,
            n_used=9,
            value=0.5,
            low=0.4,
            high=0.6,
        )
        for arm in (TUNED, SHOTS)
    ]
    band = Band(band_low=0.0, band_high=0.7)
    same = {"prompt": "any-cat", "measure": "mean_distance", "band": band}
    bands = [made(VarietyBandRow, arm=arm, **same) for arm in (TUNED, SHOTS)]
    tables: dict[str, list[Any]] = {"total_variation": rows, "variety": variety, "variety_band": bands}
    (found,) = drawn(fidelity_diversity.draw, inputs, **tables)
    assert not found.finds
    point = fidelity_diversity.points(with_tables(inputs, **tables), "any-cat")[0]
    assert point.distance == pytest.approx((0.3, 0.2, 0.4))
    assert point.copy_variety == (0.0, 0.7)
    # one field without an interval: none of the mean
    lacking: dict[str, Any] = {"low": None, "high": None}
    rows = [replace(row, **lacking) if row.field == "coat" else row for row in rows]
    changed = with_tables(inputs, **tables | {"total_variation": rows})
    point = fidelity_diversity.points(changed, "any-cat")[0]
    assert point.distance == pytest.approx((0.3, 0.3, 0.3))


LEVELS = {"城市": 0.5, "مدينة": 0.3, "😀": 0.1, "🙂": 0.1}


def shares(field: str, levels: dict[str, float]) -> list[DistributionRow]:
    same = {"arm": TUNED, "prompt": "any-cat", "variable": field, "n": 10}
    return [
        made(
            DistributionRow,
            **same,
            level=level,
            share_generated=share,
            share_reference=share,
            band_low=0,
            band_high=1,
        )
        for level, share in levels.items()
    ]


def test_every_character_is_drawn_or_numbered_with_a_legend(inputs: Inputs):
    start_numbers()
    (found,) = drawn(field_shares.draw, inputs, distributions=shares("coat", LEVELS))
    shown = {text.get_text() for text in found.figure.findobj(Text)}
    assert {"⟦1⟧", "مدينة", "😀", "⟦2⟧"} <= shown
    assert "⟦1⟧ U+57CE U+5E02\n⟦2⟧ slightly smiling face" in shown
    assert written(legend_of(found.figure)) == " In the figure: ⟦1⟧ 城市; ⟦2⟧ 🙂."


def test_a_font_of_the_machine_is_taken_where_the_main_one_lacks_a_character():
    assert families(["plain", "naïve"]) == ["DejaVu Sans"]
    [_, *others] = families(["\U0001d49c"])
    if others:  # with DejaVu Math, or any font of mathematics
        with context(["default", style_for(["\U0001d49c"])]):
            assert drawable("\U0001d49c") == "\U0001d49c"


def test_of_many_levels_the_most_frequent_are_drawn(inputs: Inputs):
    many = shares("coat", {f"level {i}": (i + 1) / 91 for i in range(13)})
    (found,) = drawn(field_shares.draw, inputs, distributions=many)
    shown = {text.get_text() for text in found.figure.findobj(Text)}
    assert len([words for words in shown if words.startswith("level")]) == 12
    assert "level 0" not in shown
    assert "1 rarer level more" in found.caption


def test_of_many_fields_the_furthest_are_drawn(inputs: Inputs):
    near = [row for i in range(40) for row in shares(f"near {i}", {"yes": 0.5, "no": 0.5})]
    far = [replace(row, share_reference=1.0) for row in shares("far", {"yes": 0.1})]
    furthest = made(TotalVariationRow, arm=TUNED, prompt="any-cat", field="far", role="attribute", tv=0.9)
    tables = {"distributions": [*near, *far], "total_variation": [furthest]}
    found = drawn(field_shares.draw, inputs, **tables)
    assert len(found) == 12
    assert "shares-far-any-cat" in [one.name for one in found]


def test_a_share_outside_its_band_is_a_finding(inputs: Inputs):
    inside, outside = shares("coat", {"black": 0.5, "white": 0.5}), shares("tame", {"yes": 0.9, "no": 0.1})
    outside = [replace(row, band_high=0.8) for row in outside]
    coat, tame = drawn(field_shares.draw, inputs, distributions=[*inside, *outside])
    assert (coat.title, coat.finds) == (
        "coat: none of 1 arm strays from its dataset in any level’s share, beyond chance",
        False,
    )
    assert (tame.title, tame.finds) == (
        "tame: LoRA · original strays from the dataset in a level’s share, beyond chance",
        True,
    )
    assert tame.name == "shares-tame-any-cat"


def test_words_are_legible_and_within_the_figure(inputs: Inputs):
    with context(["default", STYLE]):
        for drawing in all_drawings(inputs):
            for figure, width in ((drawing.figure, WIDTH), (drawing.narrow, NARROW)):
                if figure is None:
                    continue
                assert figure.get_figwidth() == width, drawing.name
                svg_text(figure, drawing.title)
                words = [one for one in figure.findobj(Text) if one.get_text() and _is_shown(one)]
                assert min(one.get_fontsize() for one in words) >= SMALL, drawing.name
                drawn_in = figure.get_tightbbox()
                over = drawn_in.x1 - width, drawn_in.y1 - figure.get_figheight(), *-drawn_in.min
                assert max(over) < 0.02, (drawing.name, over)


def _is_shown(text: Text) -> bool:
    return text.get_visible() and (text.axes is None or text.axes.get_visible())


def test_words_of_a_figure_are_text_that_any_machine_can_set(inputs: Inputs):
    (found,) = drawn(field_shares.draw, inputs, distributions=shares("coat", {"black": 0.5, "white": 0.5}))
    with context(["default", STYLE]):
        svg = svg_text(found.figure, found.title)
    assert ">LoRA · original<" in svg
    assert svg.count("<text") == svg.count("'DejaVu Sans', Verdana, sans-serif")


def overview_of(inputs: Inputs) -> list[Drawing]:
    return [Drawing("overview", overview(inputs), title_of(inputs), "")]


def test_no_figure_needs_any_row(inputs: Inputs):
    empty: dict[str, list[Any]] = {name: [] for name in (*TABLES, "distributions", "losses")}
    bare = replace(inputs, completions=[], data={c: {"protected": {}} for c in CONDITIONS})
    for given in (inputs, bare):
        drawn(all_drawings, given, **empty)
        drawn(overview_of, given, **empty)


def test_words_that_the_font_lacks_and_markup_are_drawn_as_text(inputs: Inputs):
    def word(text: str, z: float) -> MarkedWordRow:
        return made(
            MarkedWordRow,
            arm=TUNED,
            prompt="any-cat",
            field="note",
            target="$a_1$",
            reference="<b>",
            n_target=5,
            n_reference=5,
            word=text,
            z=z,
            threshold=2,
            marked=abs(z) > 2,
        )

    (found,) = drawn(marked_words.draw, inputs, marked_words=[word("猫</svg>", 3.0), word("purrs", -1.0)])
    assert found.title.endswith("most of all “猫</svg>”: $a_1$ more than <b>")
    svg = inline_svg(svg_text(found.figure, found.title), "marked-words")
    assert svg.count("</svg>") == 1
    assert '$a_1$ more than &lt;b&gt;"' in svg
