"""A prepared study of few people, so that a whole training takes a second."""

import sys
from pathlib import Path
from typing import Any

import pytest

from stages.common.files import write_records
from stages.common.records import CONDITIONS, Example
from tests.tiny import edit_yaml

N_RECORDS = {"train": 12, "validation": 5, "test": 4}
WORDS = ["a", "person", "who", "works", "and", "reads", "in", "the", "evening"]


def example(condition: str, split: str, number: int) -> Example:
    """A person of the study: the same ids and prompts in both conditions, different completions."""
    summary = " ".join(WORDS[: 1 + (number + len(condition)) % len(WORDS)])
    return Example(
        source_id=f"{split}-{number}",
        prompt_id="free",
        prompt=f"Write a profile. The age is {20 + number}.",
        completion=f'{{"age":{20 + number},"summary":"{summary}"}}',
    )


def write_study(project: Path, n_records: dict[str, int] | None = None) -> None:
    for condition in CONDITIONS:
        for split, n in (n_records or N_RECORDS).items():
            rows = [example(condition, split, number) for number in range(n)]
            write_records(project / f"data/prepared/{condition}/{split}.jsonl", rows)


def set_train(project: Path, **common: Any) -> None:
    """Change params of train.common."""
    edit_yaml(project / "params.yaml", {"train": {"common": common}})


def train(monkeypatch: pytest.MonkeyPatch, condition: str = "original") -> None:
    """`python -m stages.train --condition …`, in this process."""
    from stages.train.__main__ import main

    monkeypatch.setattr(sys, "argv", ["stages.train", "--condition", condition])
    main()


def interrupt(monkeypatch: pytest.MonkeyPatch, step: int, error: type[BaseException] = RuntimeError) -> None:
    """Break the training after `step`, once its checkpoint is written."""
    from stages.shell.progress import Progress

    def broken(self: Any, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step == step:
            raise error("the power went")

    monkeypatch.setattr(Progress, "on_save", broken)


def outcome(project: Path, condition: str = "original") -> dict[str, bytes]:
    """All bytes that a training leaves as outputs."""
    files = [*(project / "models/adapters" / condition).iterdir()]
    files += [project / f"metrics/train_{condition}.json", project / f"metrics/plots/loss_{condition}.csv"]
    return {file.name: file.read_bytes() for file in files}
