"""Collect the pasted answers of chat pages: one row for each profile's worth of text.

python -m stages.collect
"""

from pathlib import Path

from rich.console import Console

from stages.collect.answers import EXTERNAL
from stages.collect.layout import Expected
from stages.collect.params import CollectParams
from stages.collect.rows import read_answers, rows_of
from stages.collect.summary import remarks, summary
from stages.common.files import write_records
from stages.common.params import load_params
from stages.common.prompts import load_asked_prompts
from stages.common.schema import load_schema
from stages.common.shown import visible
from stages.shell.errors import run
from stages.shell.runs import recorded

COLLECTED = Path("data/collected/completions.jsonl")
REJECTED = Path("data/collected/rejected.jsonl")


def main() -> None:
    with recorded("collect", outputs=[COLLECTED, REJECTED]):
        params = load_params(CollectParams, section="collect")
        schema = load_schema()
        prompts = [prompt.id for prompt in load_asked_prompts(schema)]
        keys = {field.path.split(".")[0].lower() for field in schema.all_fields}
        answers = read_answers(EXTERNAL, Expected(params.sources, prompts))
        rows, rejected = rows_of(answers, prompts, keys)
        write_records(COLLECTED, rows)
        write_records(REJECTED, rejected)
    console = Console()
    if rows:
        console.print(summary(rows))
    for line in remarks(rows, rejected, params.sources, keys):
        console.print(visible(line), markup=False, highlight=False)


if __name__ == "__main__":
    run(main)
