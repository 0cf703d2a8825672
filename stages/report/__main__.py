"""Write the page, its figures and its tables from the numbers.

python -m stages.report
"""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.style import context

from stages.common.files import write_text
from stages.common.fresh import fresh_folder
from stages.report.captions import captions_md, captions_tex
from stages.report.figures.drawing import Drawing, pdf_bytes
from stages.report.figures.registry import all_drawings
from stages.report.inputs import Inputs, load_inputs
from stages.report.latex import to_latex
from stages.report.lettering import legend_of, start_numbers, written
from stages.report.links import plain
from stages.report.loading import texts_of
from stages.report.overview import overview_svg
from stages.report.page import Picture, page
from stages.report.style import style_for, svg_text
from stages.report.table import Table, to_csv
from stages.report.tables.registry import all_tables
from stages.shell.errors import run
from stages.shell.runs import recorded

OVERVIEW = Path("reports/overview.svg")
PAGE = Path("reports/report.html")
FIGURES = Path("reports/figures")
TABLES = Path("reports/tables")


def main() -> None:
    with recorded("report", outputs=[OVERVIEW, PAGE, FIGURES, TABLES]):
        inputs = load_inputs()
        write_text(OVERVIEW, overview_svg(inputs.free))
        pictures, tables = write_figures(inputs), all_tables(inputs)
        write_tables(tables)
        write_text(PAGE, page(inputs, pictures, tables))
    print(f"{PAGE}: {len(inputs.completions)} completions of {len(inputs.arms)} arms")
    print(f"{FIGURES}: {len(pictures)} figures; {TABLES}: {len(tables)} tables")


def write_figures(inputs: Inputs) -> list[Picture]:
    """Write each figure as SVG and PDF under a stable name, at 16 cm and 8 cm; and all captions."""
    start_numbers()
    with context(["default", style_for(texts_of(inputs.tables))]), fresh_folder(FIGURES) as folder:
        pictures = [_write(drawing, folder) for drawing in all_drawings(inputs)]
        write_text(folder / "captions.tex", captions_tex(pictures))
        write_text(folder / "captions.md", captions_md(pictures))
        return pictures


def write_tables(tables: Sequence[Table]) -> None:
    """Write each table as LaTeX and CSV, under a stable name."""
    with fresh_folder(TABLES) as folder:
        for table in tables:
            write_text(folder / f"{table.name}.csv", to_csv(table))
            write_text(folder / f"{table.name}.tex", to_latex(table))


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


if __name__ == "__main__":
    run(main)
