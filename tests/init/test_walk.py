"""The walk of docs/your-own-data.md with private fields and no plain id, to the prepared files."""

import json
import random
import shutil
from pathlib import Path

from typer.testing import CliRunner

from data.examples.make_patients import HERE, N_PATIENTS, SEED, as_json, augmented, patient
from stages.common.records import CONDITIONS, SPLITS
from stages.prepare.__main__ import prepare
from tests.walking import walk
from thesis.cli import app

PRIVATE = ("MRN-", "(555)", "Example Street", "family")


def test_the_examples_are_what_the_script_makes():
    rng = random.Random(SEED)
    original = [patient(number, rng) for number in range(1, N_PATIENTS + 1)]
    assert (HERE / "patients_original.json").read_text("utf-8") == as_json(original)
    assert (HERE / "patients_augmented.json").read_text("utf-8") == as_json(augmented(original, rng))


def test_the_walk_says_what_the_page_shows_and_nothing_private_is_prepared(workspace):
    shutil.copytree(HERE, "data/examples")
    commands = [(words[1:], shown) for words, shown in walk() if "patients" in " ".join(words)]
    assert len(commands) == 2
    for words, shown in commands:
        said = CliRunner().invoke(app, words).stdout.splitlines()
        assert [line for line in shown if line not in said] == []
    first = [word for word in commands[0][0] if word != "--dry-run"]
    CliRunner().invoke(app, [*first, "--force"], catch_exceptions=False)
    prepare()
    people = {}
    for condition in CONDITIONS:
        written = [Path(f"data/prepared/{condition}/{split}.jsonl").read_text("utf-8") for split in SPLITS]
        text = "".join([*written, Path(f"data/raw/{condition}.json").read_text("utf-8")])
        assert not any(words in text for words in PRIVATE)
        rows = [
            (split, json.loads(line))
            for split, t in zip(SPLITS, written, strict=True)
            for line in t.splitlines()
        ]
        people[condition] = {row["source_id"]: split for split, row in rows}
    assert people["original"] == people["augmented"]
    assert len(people["original"]) == N_PATIENTS
