"""The files of the stage: overview, figures, tables and page."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.style import context

from stages.common.files import write_text
from stages.common.fresh import fresh_folder
from stages.report.captions import captions_md, captions_tex
from stages.report.figures.drawing import Drawing, pdf_bytes
from stages.report.figures.registry import all_drawings
from stages.report.inputs import Inputs
from stages.report.latex import to_latex
from stages.report.lettering import legend_of, start_numbers, written
from stages.report.links import plain
from stages.report.loading import texts_of
from stages.report.overview import overview_svg
from stages.report.page import Picture, page
from stages.report.style import style_for, svg_text
from stages.report.table import Table, to_csv
from stages.report.tables.registry import all_tables


def write_overview(path: Path, inputs: Inputs) -> None:
    """Write the picture at the top of README."""
    write_text(path, overview_svg(inputs.free))


def write_figures(folder: Path, inputs: Inputs) -> list[Picture]:
    """Write each figure as SVG and PDF under a stable name, at 16 cm and 8 cm; and all captions."""
    start_numbers()
    with context(["default", style_for(texts_of(inputs.tables))]), fresh_folder(folder) as fresh:
        pictures = [_write(drawing, fresh) for drawing in all_drawings(inputs)]
        write_text(fresh / "captions.tex", captions_tex(pictures))
        write_text(fresh / "captions.md", captions_md(pictures))
        return pictures


def write_tables(folder: Path, inputs: Inputs) -> list[Table]:
    """Write each table as LaTeX and CSV, under a stable name."""
    tables = all_tables(inputs)
    with fresh_folder(folder) as fresh:
        for table in tables:
            write_text(fresh / f"{table.name}.csv", to_csv(table))
            write_text(fresh / f"{table.name}.tex", to_latex(table))
    return tables


def write_page(path: Path, inputs: Inputs, pictures: Sequence[Picture], tables: Sequence[Table]) -> None:
    """Write the page that shows all of them."""
    write_text(path, page(inputs, pictures, tables))


def _write(drawing: Drawing, folder: Path) -> Picture:
    svg = _files(drawing.figure, drawing, folder / f"{drawing.name}")
    narrow = _files(drawing.narrow, drawing, folder / f"{drawing.name}-8cm") if drawing.narrow else ""
    caption = f"{drawing.caption}{written(legend_of(drawing.figure))}"
    return Picture(drawing.name, svg, drawing.title, caption, drawing.finds, narrow)


def _files(figure: Figure, drawing: Drawing, path: Path) -> str:
    """Write a figure as SVG and PDF; the SVG."""
    svg = svg_text(figure, plain(drawing.title))
    write_text(path.with_name(f"{path.name}.svg"), svg)
    path.with_name(f"{path.name}.pdf").write_bytes(pdf_bytes(figure))
    return svg
