"""Compare the numbers and completions of this computer's run with those that another computer committed.

python -m experiments.machines.between REVISION --there "AMD EPYC" --here "Intel Xeon"
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

from stages.common.files import read_text, sha256_of, write_json
from stages.common.records import CONDITIONS
from stages.shell.errors import run
from thesis.programs import git_text
from thesis.verify.remaking.differing import of_texts

GENERATED = Path("data/generated/completions.jsonl")
OUT = Path("metrics/machines/between.json")
FILES = (
    "score.json",
    "train_original.json",
    "train_augmented.json",
    "evaluate.json",
    "plots/loss_original.csv",
    "plots/loss_augmented.csv",
    "tables/field_losses.csv",
)
"""The files of metrics/ that hold losses."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("revision", help="commit with the other computer's metrics")
    parser.add_argument("--there", required=True, help="the other computer's processor")
    parser.add_argument("--here", required=True, help="this computer's processor")
    args = parser.parse_args()
    files = {file: compared(args.revision, f"metrics/{file}") for file in FILES}
    found = {
        "command": f"python -m experiments.machines.between {args.revision}",
        "there": args.there,
        "here": args.here,
        "files": files,
        "completions_but_for_the_adapters_hash": same_completions(args.revision),
    }
    write_json(OUT, found)


def compared(revision: str, file: str) -> dict[str, Any]:
    """How the numbers of a file differ; sizes are relative to numbers above 1."""
    found = of_texts(committed(revision, file), read_text(Path(file)))
    return {"numbers_that_differ": found.n_numbers, "largest_difference": found.largest}


def same_completions(revision: str) -> str:
    """Whether all tokens and texts are those of the other computer, with the adapters that it trained."""
    text = read_text(GENERATED)
    for condition in CONDITIONS:
        adapter = f"models/adapters/{condition}"
        there = outputs(revision, f"train_{condition}")[adapter]
        text = text.replace(sha256_of(Path(adapter)), there)
    same = hashlib.sha256(text.encode()).hexdigest() == outputs(revision, "generate")[GENERATED.as_posix()]
    return f"{'the same' if same else 'not the same'} {len(text.splitlines())} completions"


def outputs(revision: str, stage: str) -> dict[str, str]:
    """The sha256 of a stage's outputs on the other computer."""
    found: dict[str, str] = json.loads(committed(revision, f"metrics/runs/{stage}.json"))["outputs"]
    return found


def committed(revision: str, file: str) -> str:
    """The text of a file in a commit."""
    return git_text("show", f"{revision}:{file}")


if __name__ == "__main__":
    run(main)
