"""Where a killed training goes on."""

from pathlib import Path

import pytest

from stages.shell.errors import UserError
from stages.train.checkpoints import fingerprint, last_checkpoint, work_folder

PARAMETERS = {"seed": 1}


def test_fingerprint_changes_with_data_and_parameters_not_with_the_readme(study: Path) -> None:
    def name() -> str:
        return fingerprint("train_original", PARAMETERS)

    first = name()
    (study / "README.md").write_text("Read me")
    (study / "data/prepared/augmented/train.jsonl").write_text("")
    assert name() == first
    assert fingerprint("train_original", {"seed": 2}) != first
    code = study / "stages/train/trainer.py"
    code.write_text(code.read_text() + "\n")
    changed = name()
    assert changed != first
    (study / "data/prepared/original/validation.jsonl").write_text("")
    assert name() != changed


def test_a_second_training_says_who_holds_the_lock(study: Path) -> None:
    with (
        work_folder("train_original", "abc"),
        pytest.raises(UserError, match=r"train_original is still running in process \d+"),
        work_folder("train_original", "abc"),
    ):
        pass


def test_both_conditions_can_train_at_once(study: Path) -> None:
    with work_folder("train_original", "abc") as one, work_folder("train_augmented", "abc") as other:
        assert one != other


def test_a_crash_keeps_the_folder_and_a_good_end_does_not(study: Path) -> None:
    work = Path(".work/train_original/abc")

    def crash() -> None:
        with work_folder("train_original", "abc") as given:
            given.mkdir()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        crash()
    assert work.exists()
    with work_folder("train_original", "abc"):
        pass
    assert not work.exists()


def test_another_trainings_leftovers_go(study: Path) -> None:
    (study / ".work/train_original/old").mkdir(parents=True)
    with work_folder("train_original", "new"):
        assert not (study / ".work/train_original/old").exists()


def test_a_cut_off_checkpoint_is_removed(tmp_path: Path) -> None:
    assert last_checkpoint(tmp_path / "none") is None
    for step in (2, 4):
        (tmp_path / f"checkpoint-{step}").mkdir()
    (tmp_path / "checkpoint-2/trainer_state.json").write_text("{}")
    assert last_checkpoint(tmp_path) == str(tmp_path / "checkpoint-2")
    assert not (tmp_path / "checkpoint-4").exists()
