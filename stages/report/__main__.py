"""Write the page, its figures and its tables from the numbers.

python -m stages.report
"""

from pathlib import Path

from stages.report.inputs import Inputs, load_inputs
from stages.shell.errors import run
from stages.shell.runs import recorded

OVERVIEW = Path("reports/overview.svg")
PAGE = Path("reports/report.html")
FIGURES = Path("reports/figures")
TABLES = Path("reports/tables")


def main() -> None:
    with recorded("report", outputs=[OVERVIEW, PAGE, FIGURES, TABLES]):
        write(load_inputs())


def write(inputs: Inputs) -> None:
    """Write all files, and a summary to the terminal."""
    from stages.report import writing  # lazily: it brings matplotlib and pandas, which are slow to load

    writing.write_overview(OVERVIEW, inputs)
    pictures = writing.write_figures(FIGURES, inputs)
    tables = writing.write_tables(TABLES, inputs)
    writing.write_page(PAGE, inputs, pictures, tables)
    print(f"{PAGE}: {len(inputs.completions)} completions of {len(inputs.arms)} arms")
    print(f"{FIGURES}: {len(pictures)} figures; {TABLES}: {len(tables)} tables")


if __name__ == "__main__":
    run(main)
