"""Make the files to attach: people of the train split, the same in both conditions."""

import json
from collections.abc import Sequence
from pathlib import Path

from stages.collect.params import CollectParams
from stages.collect.pasting import excerpt, excerpt_name
from stages.common.files import read_records, write_text
from stages.common.records import CONDITIONS, ArmCondition, Condition, Example, Profile
from stages.shell.errors import UserError

PREPARED = Path("data/prepared")


def write_excerpts(conditions: Sequence[ArmCondition], params: CollectParams, folder: Path) -> None:
    """Write the files of the conditions, each an indented JSON list; `none` has no file.

    Raises:
        UserError: the prepared data is missing or holds fewer people than the excerpt, or the folder
            cannot be written to.
    """
    if not set(conditions) & set(CONDITIONS):
        return
    for condition, profiles in excerpts(params).items():
        if condition in conditions:
            listed = json.dumps(profiles, indent=2, ensure_ascii=False)
            write_text(folder / str(excerpt_name(condition)), listed + "\n")


def excerpts(params: CollectParams) -> dict[Condition, list[Profile]]:
    """The people to attach; UserError if the prepared data is missing or holds too few people."""
    train = {condition: _train(condition) for condition in CONDITIONS}
    shared = set.intersection(*({one.source_id for one in examples} for examples in train.values()))
    if len(shared) < params.excerpt_records:
        raise UserError(
            f"data/prepared: {len(shared)} people are in the train split of both conditions, and "
            f"collect.excerpt_records asks for {params.excerpt_records}\nLower it in params.yaml"
        )
    return {
        condition: excerpt(
            [one for one in train[condition] if one.source_id in shared],
            params.excerpt_records,
            params.excerpt_seed,
        )
        for condition in CONDITIONS
    }


def _train(condition: Condition) -> list[Example]:
    path = PREPARED / condition / "train.jsonl"
    if not path.exists():
        raise UserError(
            f"{path}: not found; the file to attach is made from it\n"
            "Make it: dvc repro prepare   (or print only the texts without a file: --condition none)"
        )
    return read_records(path, Example)
