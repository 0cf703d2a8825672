"""Where a killed stage continues, and when it does not."""

import sys
from pathlib import Path

import pytest

from stages.shell.locked import installed_version
from stages.shell.work import LIBRARIES, fingerprint, work_folder
from tests.imports import ROOT, closure, imported
from tests.train.study import write_study

PARAMETERS = {"seed": 1}


@pytest.fixture
def study(workspace: Path) -> Path:
    write_study(workspace)
    return workspace


def test_fingerprint_changes_with_data_and_parameters_not_with_the_readme(study: Path) -> None:
    def name() -> str:
        return fingerprint("train_original", PARAMETERS)

    first = name()
    (study / "README.md").write_text("Read me")
    (study / "data/prepared/augmented/train.jsonl").write_text("")
    assert name() == first
    assert fingerprint("train_original", {"seed": 2}) != first
    (study / "data/prepared/original/validation.jsonl").write_text("")
    assert name() != first


TRAINER = "stages/train/trainer.py"
CHANGES_NO_RESULT = {
    "a comment": (TRAINER, "  # early stopping counts on after a kill", "  # or early stopping forgets"),
    "a docstring": (TRAINER, "Nats per completion token over", "Mean loss over"),
    "an annotation": (TRAINER, "finish_from(self, checkpoint: Path)", "finish_from(self, checkpoint)"),
    "a refusal": (TRAINER, "it holds the best adapter", "the best adapter is in it"),
    "a refusal's remedy": ("stages/shell/remedies.py", "Rephrase these parts", "Reword these parts"),
    "the words of a subclass of refusals": (
        "stages/common/llm/template.py",
        "are more than max_length",
        "exceed max_length",
    ),
    "a function that words refusals": (
        "stages/common/llm/chat.py",
        "this one's chat template {says}",
        "its chat template {says}",
    ),
    "the words given to such a function": (
        "stages/common/llm/chat.py",
        "does not show the prompt",
        "hides the prompt",
    ),
    "a line end": (TRAINER, "", "\n"),
    "a file of a dep, not of its folder": ("stages/common/llm/loss.py", "token by token", "of every token"),
}
CHANGES_A_RESULT = {
    "a number": (TRAINER, "logging_steps=1", "logging_steps=2"),
    "a number in a refusal's condition": (
        "stages/common/llm/template.py",
        "if len(pair) > max_length",
        "if len(pair) > 9 + max_length",
    ),
    "a default": (TRAINER, "return_outputs: bool = False", "return_outputs: bool = True"),
    "the type of a parameter": (
        "stages/train/params.py",
        "batch_size: PositiveInt",
        "batch_size: PositiveFloat",
    ),
    "the order of two lines": (TRAINER, "pack_of\n\n", "pack_of\n\nPackedTrainer, Path = Path, None\n\n"),
    "a file of a dep, not of its folder": (
        "stages/common/llm/loss.py",
        "TOKENS_AT_ONCE = 256",
        "TOKENS_AT_ONCE = 1",
    ),
    "a file that is not Python": ("stages/train/notes.txt", "", "a comment"),
    "a Python file that cannot be parsed": ("stages/train/new.py", "", "def f(:  # a comment"),
    "null bytes": ("stages/train/new.py", "", "x = 1\0"),
    "a new file": ("stages/train/new.py", "", "x = 1"),
    "a file in a folder": ("stages/train/deep/new.py", "", "x = 1"),
}


def _edited(study: Path, case: tuple[str, str, str]) -> bool:
    """Whether an edit changes the name of a training."""
    before = fingerprint("train_original", PARAMETERS)
    file, (old, new) = study / case[0], case[1:]
    text = file.read_text() if file.exists() else ""
    assert not old or text.count(old) == 1
    file.parent.mkdir(exist_ok=True)
    file.write_text(text.replace(old, new) if old else text + new)
    return fingerprint("train_original", PARAMETERS) != before


@pytest.mark.parametrize("case", CHANGES_NO_RESULT)
def test_an_edit_that_changes_no_result_keeps_the_checkpoints(study: Path, case: str) -> None:
    assert not _edited(study, CHANGES_NO_RESULT[case])


@pytest.mark.parametrize("case", CHANGES_A_RESULT)
def test_an_edit_that_may_change_a_result_drops_the_checkpoints(study: Path, case: str) -> None:
    assert _edited(study, CHANGES_A_RESULT[case])


@pytest.mark.parametrize("name", [".notes.txt", ".new.py.swp", "__pycache__/lora.pyc", ".DS_Store"])
def test_hidden_files_do_not_count(study: Path, name: str) -> None:
    assert not _edited(study, (f"stages/train/{name}", "", "x = 1"))


@pytest.mark.parametrize("name", ["torch", "tokenizers", "accelerate", "numpy", "xgrammar"])
def test_a_library_that_computes_counts_by_its_version(
    study: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = fingerprint("train_original", PARAMETERS)
    monkeypatch.setattr(
        "stages.shell.work.installed_version",
        lambda one: "0.1" if one == name else installed_version(one),
    )
    assert fingerprint("train_original", PARAMETERS) != before


COMPUTE_NOTHING_KEPT = {
    "datasets", "filelock", "huggingface_hub", "jsonschema", "platformdirs",
    "psutil", "pydantic", "regex", "ruamel", "safetensors", "scipy", "tqdm",
}  # fmt: skip
"""Libraries that fetch, hold, read, check or show; SciPy's intervals of losses are computed by each run."""


@pytest.mark.parametrize("stage", ["train", "score", "generate"])
def test_every_library_that_computes_is_in_the_fingerprint(stage: str) -> None:
    names = {name.split(".")[0] for file in closure(f"stages.{stage}") for name in imported(ROOT / file)}
    assert names - {*sys.stdlib_module_names, "stages", *COMPUTE_NOTHING_KEPT} <= {*LIBRARIES}


def test_two_files_that_change_places_count(study: Path) -> None:
    before = fingerprint("train_original", PARAMETERS)
    one, two = study / "stages/train/params.py", study / "stages/train/tokens.py"
    texts = one.read_bytes(), two.read_bytes()
    one.write_bytes(texts[1])
    two.write_bytes(texts[0])
    assert fingerprint("train_original", PARAMETERS) != before


def test_a_crash_keeps_the_folder_and_success_removes_it(study: Path) -> None:
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


def test_leftovers_of_another_training_are_removed(study: Path) -> None:
    (study / ".work/train_original/old").mkdir(parents=True)
    with work_folder("train_original", "new"):
        assert not (study / ".work/train_original/old").exists()
