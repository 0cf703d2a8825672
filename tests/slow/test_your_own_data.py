"""The walk of docs/your-own-data.md: its commands, in a new project, to the report."""

import json
import random
import shutil
import sys

import pytest
import yaml

from data.examples.make_readers import HERE, N_READERS, SEED, as_json, augmented, reader
from tests.project import make_project
from tests.tiny import ROOT
from tests.walking import walk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

ALSO_COPIED = ("thesis", "data/examples")


def test_the_examples_are_what_the_script_makes():
    rng = random.Random(SEED)
    original = [reader(number, rng) for number in range(1, N_READERS + 1)]
    assert (HERE / "readers_original.json").read_text("utf-8") == as_json(original)
    assert (HERE / "readers_augmented.json").read_text("utf-8") == as_json(augmented(original, rng))


def test_the_walk_shows_what_the_page_says_and_ends_in_a_report(tiny_llama, tmp_path):
    project = make_project(tmp_path, tiny_llama)
    for name in ALSO_COPIED:
        shutil.copytree(ROOT / name, project.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    commands = [(words, shown) for words, shown in walk() if "patients" not in " ".join(words)]
    assert [words[:2] for words, _ in commands] == [["thesis", "init"], ["thesis", "init"], ["dvc", "repro"]]
    for (program, *words), shown in commands:
        if program == "dvc":
            keep_it_short(project.folder / "params.yaml")
        said = project.do(sys.executable, "-m", program, *words).splitlines()
        assert [line for line in shown if line not in said] == []
    project.dvc("status", "-q")
    page = (project.folder / "reports/report.html").read_text("utf-8")
    rows = (project.folder / "data/prepared/original/train.jsonl").read_text("utf-8").splitlines()
    profile = json.loads(json.loads(rows[0])["completion"])
    assert isinstance(profile["reading"]["minutes_a_month"], int)
    assert "languages: [" in page
    assert "jobs: [{title: " in page


def keep_it_short(path):
    """The tiny Llama never ends by itself."""
    content = yaml.safe_load(path.read_text("utf-8"))
    content["generate"]["max_new_tokens"] = 8
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), "utf-8")
