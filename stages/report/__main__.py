"""Make the picture and the page from the numbers.

python -m stages.report
"""

from pathlib import Path

from stages.common.errors import run
from stages.common.files import write_text
from stages.common.runs import recorded
from stages.report.inputs import load_inputs
from stages.report.overview import overview_svg
from stages.report.page import page

OVERVIEW = Path("reports/overview.svg")
PAGE = Path("reports/report.html")


def main() -> None:
    with recorded("report", outputs=[OVERVIEW, PAGE]):
        inputs = load_inputs()
        picture = overview_svg(inputs)
        write_text(OVERVIEW, picture)
        write_text(PAGE, page(inputs, picture))
    print(f"{PAGE} and {OVERVIEW}: {len(inputs.completions)} completions of {len(inputs.arms)} arms")


if __name__ == "__main__":
    run(main)
