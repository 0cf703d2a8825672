"""Prepare the data: validate, clean, sample, split, pair with prompts.

python -m stages.prepare
"""

import sys
from pathlib import Path
from typing import Any

from stages.common.files import write_metrics, write_records
from stages.common.params import load_params
from stages.common.prompts import load_training_prompts
from stages.common.records import CONDITIONS, Condition, Rejected
from stages.common.schema import load_schema
from stages.prepare.checking import Checked, check, refuse_mixed_ids, refuse_shared_ids, refuse_too_many
from stages.prepare.cleaning import Cleaner
from stages.prepare.examples import examples_by_split
from stages.prepare.identity import derivation, with_derived_ids
from stages.prepare.params import PrepareParams
from stages.prepare.reading import read_raw
from stages.prepare.sampling import sample
from stages.prepare.summary import people_shared_by_splits, split_sizes, summarize
from stages.shell.errors import UserError, run
from stages.shell.runs import WORK, recorded

RAW = Path("data/raw")
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
    cleaner = Cleaner(schema, params.nulls, params.numbers)
    files = {condition: RAW / f"{condition}.json" for condition in CONDITIONS}
    checked = check_files(files, cleaner)
    write_records(STOPPED, rejected(checked))
    refuse_mixed_ids(checked)
    for line in derivation(checked):
        print(line, file=sys.stderr)
    metrics: dict[str, Any] = {}
    examples = {}
    for condition in CONDITIONS:
        found, file = checked[condition], str(files[condition])
        n_raw = len(found.records) + len(found.refused) + len(found.duplicates)
        refuse_too_many(found, n_raw, params.max_rejected_rate, file, STOPPED)
        refuse_shared_ids(found.records, getattr(params.max_twins, condition), file, condition)
        sampled = sample(found.records, params.sample, params.seed, schema)
        examples[condition] = examples_by_split(sampled, prompts, schema, params, condition)
        metrics[condition] = summarize(found, sampled, schema) | {"n": split_sizes(examples[condition])}
    metrics["n_people_shared_by_splits"] = people_shared_by_splits(examples)
    if metrics["n_people_shared_by_splits"]:
        raise UserError("people are in more than one split; this is a bug, please report it")
    write_records(REJECTED, rejected(checked))
    for condition, by_split in examples.items():
        for split, rows in by_split.items():
            write_records(PREPARED / condition / f"{split}.jsonl", rows)
        print(f"{condition}: " + ", ".join(f"{len(r)} {s}" for s, r in by_split.items()), file=sys.stderr)
    write_metrics(METRICS, metrics)


def check_files(files: dict[Condition, Path], cleaner: Cleaner) -> dict[Condition, Checked]:
    """Records of all files; UserError names the mistakes of all, not of the first alone."""
    checked, wrong = {}, []
    for condition, path in files.items():
        try:
            checked[condition] = check(read_raw(path), cleaner, str(path))
        except UserError as error:
            wrong.append(str(error))
    if wrong:
        raise UserError("\n".join(wrong))
    return with_derived_ids(checked, cleaner.schema)


def rejected(checked: dict[Condition, Checked]) -> list[Rejected]:
    return [row for found in checked.values() for row in (*found.refused, *found.duplicates)]


if __name__ == "__main__":
    run(main)
