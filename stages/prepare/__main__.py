"""Prepare the data: validate, clean, sample, split, pair with prompts.

python -m stages.prepare
"""

import sys
from pathlib import Path
from typing import Any

from stages.common.files import write_metrics, write_records
from stages.common.params import load_params
from stages.common.prompts import load_training_prompts
from stages.common.records import Condition, Rejected
from stages.common.schema import load_schema
from stages.prepare.checking import Checked
from stages.prepare.params import PrepareParams
from stages.prepare.prepared import check_files, prepared
from stages.prepare.summary import people_shared_by_splits, summarize
from stages.shell.errors import run
from stages.shell.runs import WORK, recorded

PREPARED = Path("data/prepared")
REJECTED = PREPARED / "rejected.jsonl"
STOPPED = WORK / "rejected.jsonl"
"""Rejected records of a run that stops. An uncached output would block `dvc checkout`."""
METRICS = Path("metrics/data.json")


def main() -> None:
    with recorded("prepare", outputs=[PREPARED, METRICS]):
        prepare()


def prepare() -> None:
    params = load_params(PrepareParams, section="prepare")
    schema = load_schema()
    prompts = load_training_prompts(schema)
    checked = check_files(params, schema)
    write_records(STOPPED, rejected(checked))
    found = prepared(checked, params, schema, prompts, STOPPED, say)
    metrics: dict[str, Any] = {
        condition: summarize(checked[condition], found.sampled[condition], schema)
        | {"n": {split: len(rows) for split, rows in by_split.items()}}
        for condition, by_split in found.examples.items()
    }
    metrics["n_people_shared_by_splits"] = people_shared_by_splits(found.examples)
    write_records(REJECTED, rejected(checked))
    for condition, by_split in found.examples.items():
        for split, rows in by_split.items():
            write_records(PREPARED / condition / f"{split}.jsonl", rows)
        say(f"{condition}: " + ", ".join(f"{len(rows)} {split}" for split, rows in by_split.items()))
    write_metrics(METRICS, metrics)


def say(line: str) -> None:
    print(line, file=sys.stderr)


def rejected(checked: dict[Condition, Checked]) -> list[Rejected]:
    return [row for found in checked.values() for row in (*found.refused, *found.duplicates)]


if __name__ == "__main__":
    run(main)
