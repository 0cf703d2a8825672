"""Every JSON artifact damaged in every way: a finding and exit code 1, and never an error of Python's."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stages.common.files import write_json
from tests.thesis.verify.finished import release
from thesis.cli import app
from thesis.verify.remaking.differing import of_texts
from thesis.verify.retraining.judging import judged_metrics, metrics_in

ARTIFACTS = (
    "data/evaluated/profiles.jsonl",
    "data/generated/completions.jsonl",
    "data/prepared/original/test.jsonl",
    "data/scores/nll.jsonl",
    "metrics/data.json",
    "metrics/runs/prepare.json",
    "models/adapters/original/manifest.json",
    *(NUMBERS := ("metrics/evaluate.json", "metrics/train_original.json")),
    *(RECORDS := ("dvc.lock", "release/manifest.json")),
)
STILL_NUMBERS = ("nested 200 deep", "without a key")
"""Damages after which metrics are nested numbers: tier 1 sees their hashes alone, later tiers the numbers."""
RUN = {
    "stage": "prepare",
    "system": "Linux x86_64",
    "python": "3.11.7",
    "versions": {"numpy": "2.4.6", "pandas": "3.1.1", "scipy": "1.17.1"},
    "lock_sha256": "0" * 64,
    "outputs": {"metrics/data.json": "0" * 64},
}
DAMAGES: dict[str, Callable[[str], str]] = {
    "null": lambda text: "null\n",
    "a list for an object": lambda text: "[1]\n",
    "a text for every number": lambda text: re.sub(r"(?<=[ :])-?\d+(\.\d+)?(?=[,\s}])", '"many"', text) + "1",
    "a lone surrogate": lambda text: '{"\\ud800": "\\ud800"}\n',
    "no number": lambda text: '{"loss": NaN}\n',
    "deep": lambda text: "[" * 5000 + "]" * 5000,
    "nested 200 deep": lambda text: '{"a":' * 200 + "1" + "}" * 200,
    "without a key": lambda text: re.sub(r'"\w+": ', '"other": ', text, count=1) if text[0] == "{" else "{}",
    "half": lambda text: text[: len(text) // 2],
}


@pytest.fixture
def whole(project):
    write_json(Path("metrics/runs/prepare.json"), RUN)
    release()
    return project


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_artifact_is_a_finding(whole, name):
    """Also if its hashes were recorded, as a forger can: then the check that reads it must tell."""
    for path in ARTIFACTS:
        text = Path(path).read_text("utf-8")
        Path(path).write_text(DAMAGES[name](text), "utf-8")
        if path not in RECORDS and (path not in NUMBERS or name not in STILL_NUMBERS):
            release()
        done = CliRunner().invoke(app, ["verify", "--json", "--receipt"])
        assert isinstance(done.exception, SystemExit), (path, done.exception)
        assert done.exit_code == 1, (path, done.output)
        found = json.loads(done.output)["tiers"][0]["findings"]
        assert any(one["is_same"] is False and not one["is_note"] for one in found), path
        Path(path).write_text(text, "utf-8")
        release()


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_metrics_of_a_training_differ(whole, name):
    file = Path("metrics/train_original.json")
    recorded = metrics_in(file)
    assert judged_metrics("train_original", str(file), recorded, recorded, 1e-5).is_same
    file.write_text(DAMAGES[name](file.read_text("utf-8")), "utf-8")
    for before, after in ((metrics_in(file), recorded), (recorded, metrics_in(file))):
        assert judged_metrics("train_original", str(file), before, after, 1e-5).is_wrong


@pytest.mark.parametrize("value", [True, None, "0.5", [0.5], {}, 10**400, float("nan"), float("-inf")])
def test_what_is_no_number_differs_from_one(value):
    for pair in (({"loss": value}, {"loss": 0.5}), ({"loss": 0.5}, {"loss": value})):
        assert judged_metrics("score", "metrics/score.json", *pair, 1e-5).is_wrong


def test_an_infinite_number_of_a_text_has_no_size():
    found = of_texts("a 0.5, b 1.0e999", "a 0.5, b 1.0")
    assert found.where.startswith("line 1: 1.0e999")
    assert found.largest == 0
