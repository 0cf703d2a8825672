"""Damaged checkpoints: the training goes on from what is whole, says so, and ends in the same bytes."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

import stages.train.__main__ as stage
from stages.common.files import read_json, write_json
from stages.shell.errors import UserError
from stages.train.checkpoints import last_checkpoint
from stages.train.sealing import NEEDED, SEAL, TRAINING, best_of, checkpoints, damaged, seal
from tests.train.study import interrupt, outcome, set_train, train

Patch = pytest.MonkeyPatch
Damage: TypeAlias = Callable[[Path], object]
ADAPTER = "adapter_model.safetensors"


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip_a_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def zero(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def loop(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.name)


DAMAGES: list[tuple[str, Damage]] = [
    ("optimizer.pt", cut_off),
    ("trainer_state.json", empty),
    (ADAPTER, flip_a_bit),
    ("rng_state.pth", Path.unlink),
    ("scheduler.pt", zero),
    (TRAINING, Path.unlink),
    ("optimizer.pt", loop),
    ("adapter_config.json", Path.unlink),
    (SEAL, cut_off),
    (SEAL, zero),
    (SEAL, empty),
]


@pytest.fixture
def killed(study: Path, monkeypatch: Patch) -> tuple[Path, dict[str, bytes]]:
    """A training that was killed after its checkpoint of step 4, and how it ends if left alone."""
    set_train(study, evaluate_every=1, steps=6)
    train(monkeypatch)
    uninterrupted = outcome(study)
    with monkeypatch.context() as power:
        interrupt(power, step=4)
        with pytest.raises(RuntimeError, match="the power went"):
            train(power)
    [folder] = (study / ".work/train_original").glob("*/")
    return folder, uninterrupted


Killed: TypeAlias = tuple[Path, dict[str, bytes]]


@pytest.mark.parametrize(("name", "damage"), DAMAGES, ids=lambda value: getattr(value, "__name__", value))
def test_the_newest_is_damaged(
    study: Path,
    killed: Killed,
    monkeypatch: Patch,
    capfd: pytest.CaptureFixture[str],
    name: str,
    damage: Damage,
) -> None:
    folder, uninterrupted = killed
    damage(folder / "checkpoint-4" / name)
    train(monkeypatch)
    said = capfd.readouterr().err
    assert f"checkpoint-4: damaged: {name}; this checkpoint is ignored" in said
    assert "continues after step 3" in said
    assert outcome(study) == uninterrupted


def test_a_hidden_file_beside_the_code_costs_no_checkpoint(
    study: Path, killed: Killed, monkeypatch: Patch, capfd: pytest.CaptureFixture[str]
) -> None:
    (study / "stages/train/.DS_Store").touch()
    train(monkeypatch)
    assert "continues after step 4" in capfd.readouterr().err
    assert outcome(study) == killed[1]


def test_all_are_damaged(
    study: Path, killed: Killed, monkeypatch: Patch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder, uninterrupted = killed
    for checkpoint in folder.iterdir():
        flip_a_bit(checkpoint / ADAPTER)
    train(monkeypatch)
    assert "starts again" in capfd.readouterr().err
    assert outcome(study) == uninterrupted


def test_killed_while_a_checkpoint_was_saved(
    study: Path, killed: Killed, monkeypatch: Patch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder, uninterrupted = killed
    (folder / "checkpoint-4" / SEAL).unlink()
    train(monkeypatch)
    said = capfd.readouterr().err
    assert "checkpoint-4: the training was stopped while it saved this checkpoint" in said
    assert "continues after step 3" in said
    assert outcome(study) == uninterrupted


@pytest.mark.parametrize(
    ("fact", "value"), [("n_trained_parameters", 12), ("fingerprint", "0123456789abcdef")]
)
def test_a_checkpoint_of_another_training_is_never_continued(
    study: Path,
    killed: Killed,
    monkeypatch: Patch,
    capfd: pytest.CaptureFixture[str],
    fact: str,
    value: Any,
) -> None:
    """Whole, and in the place of this training, as if somebody had copied it there."""
    folder, uninterrupted = killed
    for checkpoint in checkpoints(folder):
        facts = read_json(checkpoint / TRAINING)
        assert (facts["fingerprint"], facts["n_trained_parameters"] > 12) == (folder.name, True)
        write_json(checkpoint / TRAINING, {**facts, fact: value})
        seal(checkpoint)
    train(monkeypatch)
    said = capfd.readouterr().err
    assert "checkpoint-4: of another training (" in said
    assert f"{fact} {value}" in said
    assert "starts again" in said
    assert outcome(study) == uninterrupted


def test_the_best_adapter_of_another_training_is_never_taken(
    study: Path, monkeypatch: Patch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whole, and in the place of this training's best, as if somebody had copied it there."""
    uninterrupted, folder = stopped_after_an_early_best(study, monkeypatch)
    best = folder / "checkpoint-2"
    shutil.copy(folder / "checkpoint-4" / ADAPTER, best / ADAPTER)
    write_json(best / TRAINING, {**read_json(best / TRAINING), "fingerprint": "0123456789abcdef"})
    seal(best)
    train(monkeypatch)
    assert "checkpoint-2: of another training (" in capfd.readouterr().err
    assert outcome(study) == uninterrupted


@pytest.mark.parametrize("change", [{"lora": {"rank": 2}}, {"learning_rate": 0.02}])
def test_changed_params_start_again(
    study: Path, killed: Killed, monkeypatch: Patch, capfd: pytest.CaptureFixture[str], change: dict[str, Any]
) -> None:
    folder, uninterrupted = killed
    set_train(study, **change)
    train(monkeypatch)
    assert "continues" not in capfd.readouterr().err
    assert not folder.exists()
    changed = outcome(study)
    assert changed != uninterrupted
    train(monkeypatch)
    assert outcome(study) == changed


def test_intact_checkpoints_are_used_as_they_are(
    study: Path, killed: Killed, monkeypatch: Patch, capfd: pytest.CaptureFixture[str]
) -> None:
    train(monkeypatch)
    said = capfd.readouterr().err
    assert "continues after step 4" in said
    assert "damaged" not in said
    assert outcome(study) == killed[1]


@pytest.mark.parametrize("number", [5, 6])
def test_damaged_after_the_last_step(study: Path, monkeypatch: Patch, number: int) -> None:
    """The newest checkpoint is the best; its adapter, or that of the one before, is damaged."""
    set_train(study, evaluate_every=1, steps=6)
    train(monkeypatch)
    uninterrupted = outcome(study)

    def broken(*_: Any) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as power:
        power.setattr(stage, "save_adapter", broken)
        with pytest.raises(RuntimeError, match="the power went"):
            train(power)
    [folder] = (study / ".work/train_original").glob("*/")
    flip_a_bit(folder / f"checkpoint-{number}" / ADAPTER)
    train(monkeypatch)
    assert outcome(study) == uninterrupted


def best_at(monkeypatch: Patch, best: int) -> None:
    """A validation loss that is lowest at one step."""
    from stages.train.trainer import PackedTrainer

    def evaluate(self: PackedTrainer, *_: Any, **__: Any) -> dict[str, float]:
        found = {"eval_loss": float(abs(self.state.global_step - best) + 1)}
        self.log(found)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, found)
        return found

    monkeypatch.setattr(PackedTrainer, "evaluate", evaluate)


def stopped_after_an_early_best(study: Path, monkeypatch: Patch) -> tuple[Any, Path]:
    """What a whole training ends in, and the folder of one that stopped in step 5; step 2 is best in both."""
    set_train(study, evaluate_every=1, steps=6)
    best_at(monkeypatch, 2)
    train(monkeypatch)
    uninterrupted = outcome(study)
    with monkeypatch.context() as power:
        interrupt(power, step=5)
        with pytest.raises(RuntimeError, match="the power went"):
            train(power)
    [folder] = (study / ".work/train_original").glob("*/")
    return uninterrupted, folder


def test_an_early_best_is_kept_and_leads_back_to_itself(study: Path, monkeypatch: Patch) -> None:
    uninterrupted, folder = stopped_after_an_early_best(study, monkeypatch)
    assert [checkpoint.name for checkpoint in checkpoints(folder)] == [f"checkpoint-{n}" for n in (5, 4, 2)]
    cut_off(folder / "checkpoint-2/optimizer.pt")  # to go on from 5, its adapter is enough
    found = last_checkpoint(folder, read_json(folder / "checkpoint-5" / TRAINING)["n_trained_parameters"])
    assert found
    assert found.name == "checkpoint-5"
    flip_a_bit(folder / "checkpoint-2" / ADAPTER)
    train(monkeypatch)
    assert outcome(study) == uninterrupted


def test_the_best_is_damaged_while_the_training_runs(study: Path, monkeypatch: Patch) -> None:
    set_train(study, evaluate_every=1, steps=4)
    best_at(monkeypatch, 2)
    train(monkeypatch)
    uninterrupted = outcome(study)
    from stages.shell.progress import Progress

    def rot(self: Any, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step == 4:
            flip_a_bit(Path(args.output_dir) / "checkpoint-2" / ADAPTER)

    with monkeypatch.context() as disk:
        disk.setattr(Progress, "on_save", rot)
        with pytest.raises(UserError, match=rf"checkpoint-2: damaged since it was saved: {ADAPTER}"):
            train(disk)
    train(monkeypatch)
    assert outcome(study) == uninterrupted


def test_a_seal_holds_every_file(tmp_path: Path) -> None:
    for name in (*NEEDED, "a.pt"):
        (tmp_path / name).write_text("{}")
    assert damaged(tmp_path) == [SEAL]
    seal(tmp_path)
    assert damaged(tmp_path) == []
    (tmp_path / ".DS_Store").touch()
    assert damaged(tmp_path) == []
    (tmp_path / "a.pt").unlink()
    assert (damaged(tmp_path), damaged(tmp_path, "adapter_*")) == (["a.pt"], [])
    whole = read_json(tmp_path / SEAL)
    without = [{name: sha256 for name, sha256 in whole.items() if name != needed} for needed in NEEDED]
    for wrong in ([], {}, {"trainer_state.json": whole["trainer_state.json"]}, *without):
        write_json(tmp_path / SEAL, wrong)
        assert damaged(tmp_path) == [SEAL]


def test_checkpoints_are_ordered_by_number(tmp_path: Path) -> None:
    for name in ("checkpoint-10", "checkpoint-9", "checkpoint-100", "checkpoint-x", "runs"):
        (tmp_path / name).mkdir()
    assert [path.name for path in checkpoints(tmp_path)] == [
        "checkpoint-100",
        "checkpoint-10",
        "checkpoint-9",
    ]
    assert checkpoints(tmp_path / "none") == []


def test_without_a_best_adapter_a_checkpoint_is_its_own_best(tmp_path: Path) -> None:
    write_json(tmp_path / "trainer_state.json", {"best_model_checkpoint": None})
    assert best_of(tmp_path) == tmp_path
