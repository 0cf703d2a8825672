"""Tier 5 of `thesis verify` on a tiny study: both adapters are trained again in a copy of it."""

import shutil
from pathlib import Path

import pytest

from stages.common.files import read_json, read_text, write_json, write_text
from tests.thesis.verify.trained_study import make_study
from thesis.verify.findings import Finding

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory, tiny_llama: Path) -> Path:
    return make_study(tmp_path_factory.mktemp("study"), tiny_llama)


def found_in(study: Path, tmp_path: Path, change: object = None) -> list[Finding]:
    from thesis.verify.retraining.tier import TIER

    clone = shutil.copytree(study, tmp_path / "clone", ignore=shutil.ignore_patterns(".work"))
    if callable(change):
        change(clone)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THESIS_DEVICE", "cpu")
        return list(TIER.check(clone))


def test_the_same_machine_gives_the_same_adapters(study: Path, tmp_path: Path) -> None:
    found = found_in(study, tmp_path)
    assert [one.stage for one in found] == ["train_original"] * 2 + ["train_augmented"] * 2
    assert all(one.is_same and one.expected in (one.got, "equal, losses within 1e-05") for one in found)


def test_other_data_are_caught(study: Path, tmp_path: Path) -> None:
    def change(clone: Path) -> None:
        file = clone / "data/prepared/original/train.jsonl"
        write_text(file, read_text(file).replace("reads", "sings"))

    found = found_in(study, tmp_path, change)
    assert next(one.stage for one in found if one.is_wrong) == "train_original"
    assert any("drawn tokens" in one.what for one in found)


def test_rounding_of_another_machine_is_no_difference(study: Path, tmp_path: Path) -> None:
    # an adapter on record with other bytes, as another machine writes them, but the same weights
    def change(clone: Path) -> None:
        manifest = clone / "models/adapters/original/manifest.json"
        write_json(manifest, read_json(manifest) | {"condition": "Original"})

    found = found_in(study, tmp_path, change)
    assert [one.is_note for one in found if one.is_same is False] == [True]
    assert sum("drawn tokens" in one.what for one in found) == 2
    assert not any(one.is_wrong for one in found)
    assert [one.what for one in found if one.is_same is None] == ["tokens of 27 of 45 completions"]
