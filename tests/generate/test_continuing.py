"""Killed while it drew or scored: the next run computes the rest, and ends in the same bytes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from stages.common.files import read_json
from tests.generate.test_generate import GENERATED, trained
from tests.tiny import edit_yaml

__all__ = ["trained"]
SCORES, METRICS = Path("data/scores/nll.jsonl"), Path("metrics/score.json")
OUTPUTS = {"generate": [GENERATED], "score": [SCORES, METRICS]}


def main(stage: str) -> None:
    if stage == "generate":
        from stages.generate.__main__ import main
    else:
        from stages.score.__main__ import main
    main()


def outputs(stage: str) -> list[bytes]:
    return [file.read_bytes() for file in OUTPUTS[stage]]


def kept_files(stage: str) -> list[Path]:
    return sorted(Path(f".work/{stage}").glob("*/*.json"))


class Power:
    """Counts the batches that are computed, and may go after some of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from stages.common.llm.kept import Kept

        self.computed, self.last = 0, -1
        plain = Kept.write

        def write(kept: Any, number: int, rows: Any) -> None:
            if self.computed == self.last:
                raise KeyboardInterrupt
            self.computed += 1
            plain(kept, number, rows)

        monkeypatch.setattr(Kept, "write", write)

    @contextmanager
    def goes_after(self, n: int) -> Iterator[None]:
        self.computed, self.last = 0, n
        with pytest.raises(KeyboardInterrupt):
            yield
        self.computed, self.last = 0, -1


@pytest.fixture
def power(trained: Path, monkeypatch: pytest.MonkeyPatch) -> Power:
    edit_yaml(trained / "params.yaml", {"score": {"records_per_pack": 5}})
    return Power(monkeypatch)


@pytest.mark.parametrize("stage", OUTPUTS)
def test_a_killed_run_continues_after_its_last_whole_batch(stage: str, power: Power) -> None:
    main(stage)
    undisturbed, n_batches = outputs(stage), power.computed
    assert kept_files(stage) == []
    assert n_batches > 6
    for n_more in (1, 3):
        with power.goes_after(n_more):
            main(stage)
    assert len(kept_files(stage)) == 4
    main(stage)
    assert power.computed == n_batches - 4
    assert outputs(stage) == undisturbed
    assert kept_files(stage) == []


@pytest.mark.parametrize("stage", OUTPUTS)
def test_kept_batches_that_changed_places_are_not_trusted(
    stage: str, power: Power, capfd: pytest.CaptureFixture[str]
) -> None:
    main(stage)
    undisturbed = outputs(stage)
    with power.goes_after(3):
        main(stage)
    first, second, _ = kept_files(stage)
    texts = first.read_bytes(), second.read_bytes()
    first.write_bytes(texts[1])
    second.write_bytes(texts[0])
    main(stage)
    assert outputs(stage) == undisturbed
    assert "1 of " in capfd.readouterr().err


@pytest.mark.parametrize("stage", OUTPUTS)
def test_kept_rows_must_be_those_that_are_to_be_computed(stage: str, power: Power) -> None:
    """Whole and sealed in their place, but with a row less, or with a row that is asked elsewhere."""
    from stages.common.llm.kept import Kept
    from stages.common.records import Completion, ProfileLoss

    model: Any = {"generate": Completion, "score": ProfileLoss}[stage]
    other = {"generate": {"prompt_id": "employed"}, "score": {"source_id": "test-9"}}[stage]
    main(stage)
    undisturbed = outputs(stage)
    for change in (lambda rows: rows[1:], lambda rows: [rows[0].model_copy(update=other), *rows[1:]]):
        with power.goes_after(2):
            main(stage)
        [folder] = {file.parent for file in kept_files(stage)}
        rows = [model.model_validate(row) for row in read_json(folder / "000000.json")["rows"]]
        Kept(folder, model).write(0, change(rows))
        main(stage)
        assert outputs(stage) == undisturbed


def change_param(stage: str) -> None:
    edit_yaml(Path("params.yaml"), {stage: {"seed": 5}})


def change_batches(stage: str) -> None:
    key = {"generate": "batch_size", "score": "records_per_pack"}[stage]
    edit_yaml(Path("params.yaml"), {stage: {key: 4}})


def change_base(stage: str) -> None:
    edit_yaml(Path("models/bases.yaml"), {"tiny": {"template": "llama-2-chat"}})


def change_code(stage: str) -> None:
    file = Path(f"stages/{stage}/params.py")
    file.write_text(file.read_text("utf-8") + "\nADDED = 1\n", "utf-8")


def change_data(stage: str) -> None:
    name = {"generate": "train", "score": "test"}[stage]
    file = Path(f"data/prepared/original/{name}.jsonl")
    file.write_text(file.read_text("utf-8").replace("evening", "morning"), "utf-8")


def change_adapter(stage: str) -> None:
    file = Path("models/adapters/original/adapter_model.safetensors")
    content = bytearray(file.read_bytes())
    content[-2] ^= 1
    file.write_bytes(content)


CHANGES = [change_param, change_batches, change_base, change_code, change_data, change_adapter]


@pytest.mark.parametrize("stage", OUTPUTS)
def test_a_change_never_continues_from_what_was_computed_before_it(
    stage: str, power: Power, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stages.shell.used._edited_since_start", lambda files: [])  # we are started already
    monkeypatch.setattr("stages.score.__main__.refuse_other_weights", lambda *_: None)
    monkeypatch.setattr("stages.generate.__main__.refuse_other_weights", lambda *_: None)
    for change in CHANGES:
        _continues_not(stage, power, change)


def _continues_not(stage: str, power: Power, change: Callable[[str], None]) -> None:
    with power.goes_after(2):
        main(stage)
    old = {file.parent for file in kept_files(stage)}
    change(stage)
    with power.goes_after(1):
        main(stage)
    new = kept_files(stage)
    assert len(new) == 1, change.__name__
    assert new[0].parent not in old, change.__name__


def test_a_changed_prompt_starts_again(power: Power) -> None:
    with power.goes_after(2):
        main("generate")
    prompts = Path("data/prompts.yaml")
    prompts.write_text(prompts.read_text("utf-8").replace("Write", "Please write"), "utf-8")
    with power.goes_after(1):
        main("generate")
    assert len(kept_files("generate")) == 1


@pytest.mark.parametrize("stage", OUTPUTS)
def test_other_threads_start_again(stage: str, power: Power, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sum that more threads share is another sum."""
    with power.goes_after(2):
        main(stage)
    monkeypatch.setattr("torch.get_num_threads", lambda: 64)
    with power.goes_after(1):
        main(stage)
    assert len(kept_files(stage)) == 1


@pytest.mark.parametrize("stage", OUTPUTS)
def test_a_full_disk_says_so_and_keeps_what_is_done(
    stage: str, power: Power, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(stage)
    undisturbed = outputs(stage)
    with monkeypatch.context() as disk:
        full_after(disk, 2)
        with pytest.raises(OSError, match="No space left"):
            main(stage)
    assert len(kept_files(stage)) == 2
    main(stage)
    assert outputs(stage) == undisturbed


def full_after(monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    """No file can be synced any more after the n-th."""
    import os

    synced = [0]
    plain = os.fsync

    def fsync(handle: int) -> None:
        synced[0] += 1
        if synced[0] > n + 1:  # the first is the note of who works here
            raise OSError(28, "No space left on device")
        plain(handle)

    monkeypatch.setattr("os.fsync", fsync)
