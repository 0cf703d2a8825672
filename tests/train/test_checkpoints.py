"""Where a killed training goes on."""

from pathlib import Path

import pytest

from stages.train.checkpoints import fingerprint, work_folder

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
