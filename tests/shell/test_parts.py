"""Half-written files of a killed stage."""

from pathlib import Path

import pytest

from stages.shell.parts import remove_parts

PIPELINE = """
stages:
  score:
    cmd: python -m stages.score
    outs:
      - data/scores/nll.jsonl
      - models/adapters/original
      - metrics/score.json: {cache: false}
"""
OF_SCORE = [
    "data/scores/.nll.jsonl.ab12_x.part",
    "models/adapters/.original.xyz.part/adapter.safetensors",
    "metrics/.score.json.q.part",
]
OTHERS = [
    "data/scores/nll.jsonl",
    "data/scores/.gitignore",
    "metrics/.data.json.q.part",
    "models/adapters/original/manifest.json",
]


def test_the_parts_of_a_stage_are_removed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*OF_SCORE, *OTHERS):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("half")
    Path("dvc.yaml").write_text(PIPELINE)
    remove_parts("score")
    left = [path.as_posix() for path in Path().rglob("*") if path.is_file() and path.name != "dvc.yaml"]
    assert sorted(left) == sorted(OTHERS)


def test_without_a_pipeline_nothing_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".nll.jsonl.a.part").touch()
    remove_parts("score")
    assert Path(".nll.jsonl.a.part").exists()
