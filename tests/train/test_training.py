"""Whole trainings: what they leave, and what they owe to data, params and interruptions."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from stages.common.files import write_records
from stages.common.params import load_params
from stages.shell.errors import UserError, run
from stages.train.__main__ import _refuse_uneven
from stages.train.params import TrainParams
from tests.tiny import edit_yaml
from tests.train.study import example, interrupt, outcome, set_train, train

Patch = pytest.MonkeyPatch


def metrics(project: Path, condition: str = "original") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project / f"metrics/train_{condition}.json").read_text())
    return found


def test_two_trainings_leave_the_same_bytes(study: Path, monkeypatch: Patch) -> None:
    train(monkeypatch)
    first = outcome(study)
    train(monkeypatch)
    assert outcome(study) == first
    assert set(first) == {
        "adapter_config.json",
        "adapter_model.safetensors",
        "manifest.json",
        "train_original.json",
        "loss_original.csv",
    }
    assert not list((study / ".work/train_original").glob("*/"))
    assert all(str(study.parent).encode() not in content for content in first.values())


EVERY_STEP = {"steps": 7, "batch_size": 4, "records_per_pack": 2, "schedule": "cosine", "evaluate_every": 1}
LAST_ALONE = {"steps": 5, "evaluate_every": 2, "early_stopping": 3}


@pytest.mark.parametrize(
    ("changes", "step"),
    [*((EVERY_STEP, step) for step in (2, 4, 6)), *((LAST_ALONE, step) for step in (4, 5))],
)
def test_a_killed_training_continues_and_gives_the_same_adapter(
    study: Path, monkeypatch: Patch, changes: dict[str, Any], step: int
) -> None:
    set_train(study, **changes)
    train(monkeypatch)
    uninterrupted = outcome(study)
    with monkeypatch.context() as power:
        interrupt(power, step)
        with pytest.raises(RuntimeError, match="the power went"):
            train(power)
    assert outcome(study) == uninterrupted  # the last good result stays meanwhile
    train(monkeypatch)
    assert outcome(study) == uninterrupted


def test_killed_after_the_last_step(study: Path, monkeypatch: Patch) -> None:
    import stages.train.__main__ as stage

    set_train(study, steps=4, evaluate_every=1)  # 3 steps an epoch: it ends within one
    train(monkeypatch)
    uninterrupted = outcome(study)

    def broken(*_: Any) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as power:
        power.setattr(stage, "save_adapter", broken)
        with pytest.raises(RuntimeError, match="the power went"):
            train(power)
    train(monkeypatch)
    assert outcome(study) == uninterrupted


def test_an_edit_while_it_trains_is_refused_and_undone_costs_no_second_training(
    study: Path, monkeypatch: Patch
) -> None:
    from stages.shell.progress import Progress

    train(monkeypatch)
    unedited = outcome(study)
    steps: list[int] = []

    def on_save(self: Any, args: Any, state: Any, control: Any, **_: Any) -> None:
        steps.append(state.global_step)
        if len(steps) == 1:
            set_train(study, learning_rate=0.1)

    monkeypatch.setattr(Progress, "on_save", on_save)
    with pytest.raises(SystemExit, match=r"train\.common\.learning_rate was 0\.01 and is 0\.1") as ended:
        run(lambda: train(monkeypatch))
    assert ended.value.code not in (0, None)
    assert outcome(study) == unedited  # nothing was written
    set_train(study, learning_rate=0.01)
    train(monkeypatch)
    assert (outcome(study), steps) == (unedited, [2, 4, 6])


def test_an_edit_while_the_base_loads_leaves_no_checkpoint(study: Path, monkeypatch: Patch) -> None:
    import stages.train.__main__ as stage

    plain = stage.load_base
    rows = study / "data/prepared/original/train.jsonl"

    def load_base(*args: Any) -> Any:
        rows.write_text(rows.read_text().replace("reads", "sings"))
        return plain(*args)

    monkeypatch.setattr(stage, "load_base", load_base)
    with pytest.raises(UserError, match=r"train\.jsonl: was edited"):
        train(monkeypatch)
    assert not list((study / ".work").rglob("checkpoint-*"))


def test_an_edit_between_a_kill_and_the_next_start_begins_anew(study: Path, monkeypatch: Patch) -> None:
    set_train(study, learning_rate=0.02)
    train(monkeypatch)
    expected = outcome(study)
    set_train(study, learning_rate=0.01)
    with monkeypatch.context() as power:
        interrupt(power, 2)
        with pytest.raises(RuntimeError, match="the power went"):
            train(power)
    set_train(study, learning_rate=0.02)
    train(monkeypatch)
    assert outcome(study) == expected


def test_the_best_adapter_is_kept(study: Path, monkeypatch: Patch) -> None:
    from stages.train import trainer

    fake = iter([5.0, 3.0, 1.0, 4.0])  # before, then after steps 2, 4, 6
    weights: list[dict[str, Any]] = []

    def mean_loss(model: Any, *_: Any) -> float:
        weights.append({n: p.detach().clone() for n, p in model.named_parameters() if "lora_" in n})
        return next(fake)

    monkeypatch.setattr(trainer, "mean_loss", mean_loss)
    monkeypatch.setattr("stages.train.__main__.mean_loss", mean_loss)
    train(monkeypatch)
    assert metrics(study)["validation_loss"] == {"before": 5.0, "best": 1.0, "last": 4.0}
    assert metrics(study)["best_step"] == 4
    assert_adapter_is(study, weights[2])


def test_the_last_step_can_be_the_best(study: Path, monkeypatch: Patch) -> None:
    set_train(study, steps=5, evaluate_every=2)
    train(monkeypatch)
    curve = pd.read_csv(study / "metrics/plots/loss_original.csv")
    validation = curve[curve["split"] == "validation"]
    assert validation["step"].tolist() == [0, 2, 4, 5]
    assert validation["loss"].is_monotonic_decreasing
    assert metrics(study)["best_step"] == 5
    uninterrupted = outcome(study)
    set_train(study, evaluate_every=5)  # validated after 5 steps alone: the same 5 steps
    train(monkeypatch)
    saved = "adapter_model.safetensors"
    assert outcome(study)[saved] == uninterrupted[saved]


def test_the_manifest_says_what_the_adapter_fits(study: Path, monkeypatch: Patch) -> None:
    train(monkeypatch)
    base = json.loads((study / "models/adapters/original/manifest.json").read_text())["base"]
    assert len(base.pop("identity")) == 64
    assert base == {
        "name": "tiny",
        "dtype": "float32",
        "quantization": "none",
        "template": "alpaca",
        "licence": "none",
        "may_be_passed_on": True,
    }


def assert_adapter_is(project: Path, weights: dict[str, Any]) -> None:
    import torch
    from safetensors.torch import load_file

    saved = load_file(project / "models/adapters/original/adapter_model.safetensors")
    expected = {name.replace(".default.", "."): w for name, w in weights.items()}
    torch.testing.assert_close(saved, expected, rtol=0, atol=0)


def worsening(monkeypatch: Patch) -> None:
    """A validation loss that is best at step 1."""
    from stages.train.trainer import PackedTrainer

    def evaluate(self: PackedTrainer, *_: Any, **__: Any) -> dict[str, float]:
        found = {"eval_loss": float(abs(self.state.global_step - 1) + 1)}
        self.log(found)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, found)
        return found

    monkeypatch.setattr(PackedTrainer, "evaluate", evaluate)


def test_early_stopping(study: Path, monkeypatch: Patch) -> None:
    worsening(monkeypatch)
    set_train(study, evaluate_every=1)
    train(monkeypatch)
    assert (metrics(study)["n_steps"], metrics(study)["best_step"]) == (6, 1)
    set_train(study, early_stopping=2)
    train(monkeypatch)
    assert (metrics(study)["n_steps"], metrics(study)["best_step"]) == (3, 1)


def test_early_stopping_keeps_counting_after_a_kill(study: Path, monkeypatch: Patch) -> None:
    worsening(monkeypatch)
    set_train(study, evaluate_every=1, early_stopping=2)
    with monkeypatch.context() as power:
        interrupt(power, step=2)
        with pytest.raises(RuntimeError, match="the power went"):
            train(power)
    train(monkeypatch)
    assert metrics(study)["n_steps"] == 3


def test_both_arms_take_equally_many_steps(study: Path, monkeypatch: Patch) -> None:
    few = [example("augmented", "train", number) for number in range(5)]
    write_records(study / "data/prepared/augmented/train.jsonl", few)
    for condition in ("original", "augmented"):
        train(monkeypatch, condition)
    assert [metrics(study, c)["n_steps"] for c in ("original", "augmented")] == [6, 6]
    assert [metrics(study, c)["n_records"]["train"] for c in ("original", "augmented")] == [12, 5]


def test_micro_batches_do_not_change_the_training(study: Path, monkeypatch: Patch) -> None:
    curves = []
    for size in (4, 2, 1):
        set_train(study, records_per_pack=size, learning_rate=0.001)
        train(monkeypatch)
        curves.append(pd.read_csv(study / "metrics/plots/loss_original.csv")["loss"])
    pd.testing.assert_series_equal(curves[0], curves[1], rtol=1e-4)
    pd.testing.assert_series_equal(curves[0], curves[2], rtol=1e-4)


def test_the_model_learns_and_says_so(study: Path, monkeypatch: Patch) -> None:
    train(monkeypatch)
    found = metrics(study)["validation_loss"]
    assert found["best"] < found["before"] - 0.1
    curve = pd.read_csv(study / "metrics/plots/loss_original.csv")
    validation = curve[curve["split"] == "validation"]
    assert validation["step"].tolist() == [0, 2, 4, 6]
    assert validation["loss"].min() == pytest.approx(found["best"], rel=1e-5)
    assert curve[curve["split"] == "train"]["step"].tolist() == [1, 2, 3, 4, 5, 6]


def test_ctrl_c_ends_with_130_and_the_training_can_continue(study: Path, monkeypatch: Patch) -> None:
    with monkeypatch.context() as hand:
        interrupt(hand, step=4, error=KeyboardInterrupt)
        with pytest.raises(SystemExit) as stopped:
            run(lambda: train(hand))
    assert stopped.value.code == 130
    assert list(study.glob(".work/train_original/*/checkpoint-4"))
    assert not (study / "models/adapters/original").exists()


def test_records_that_are_too_long_are_listed_by_line(study: Path, monkeypatch: Patch) -> None:
    set_train(study, max_length=40)
    with pytest.raises(
        UserError, match=r"(?s)12 of 12 records are too long.*line 1, train-0: \d+ tokens.*now 40"
    ):
        train(monkeypatch)


def test_dropout_with_checkpointing_on_mps_is_refused(study: Path, monkeypatch: Patch) -> None:
    import torch

    edit_yaml(study / "models/bases.yaml", {"tiny": {"gradient_checkpointing": True}})
    set_train(study, lora={"dropout": 0.1})
    monkeypatch.setattr("stages.train.__main__.pick_device", lambda: torch.device("mps"))
    with pytest.raises(UserError, match="dropout must be 0 on MPS"):
        train(monkeypatch)


def test_an_unknown_device_is_refused(study: Path, monkeypatch: Patch) -> None:
    monkeypatch.setenv("THESIS_DEVICE", "abacus")
    with pytest.raises(UserError, match="THESIS_DEVICE is 'abacus'; it must be one of mps, cuda, cpu"):
        train(monkeypatch)


def test_packs_must_fill_a_batch(study: Path, monkeypatch: Patch) -> None:
    set_train(study, batch_size=6, records_per_pack=4)
    with pytest.raises(UserError, match=r"batch_size \(6\) is not a multiple of records_per_pack \(4\)"):
        train(monkeypatch)


@pytest.mark.parametrize(
    ("n_ranks", "batch_size", "remedy"),
    [
        (2, 4, r"Set train\.common\.records_per_pack to 2: the loss stays the same"),
        (8, 4, r"Set train\.common\.batch_size to 8 and records_per_pack to 1, which"),
        (3, 4, r"Set train\.common\.batch_size to 3 and records_per_pack to 1, which"),
        (8, 12, r"Set train\.common\.batch_size to 16 and records_per_pack to 2, which"),
    ],
)
def test_processes_that_cannot_share_a_step_are_told_the_closest_batch(
    study: Path, monkeypatch: Patch, n_ranks: int, batch_size: int, remedy: str
) -> None:
    monkeypatch.setenv("WORLD_SIZE", str(n_ranks))
    common = load_params(TrainParams, section="train.common")
    with pytest.raises(UserError, match=remedy):
        _refuse_uneven(common.model_copy(update={"batch_size": batch_size}))


@pytest.mark.parametrize("key", ["batch_size", "steps", "learning_rate"])
def test_zeros_are_refused(study: Path, monkeypatch: Patch, key: str) -> None:
    set_train(study, **{key: 0})
    with pytest.raises(UserError, match=f"train.common: 1 mistake\n  {key}: 0"):
        train(monkeypatch)
