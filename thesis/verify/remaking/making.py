"""Stages run again in a scratch clone, each from the artifacts that are there."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from stages.common.files import read_records, write_metrics
from stages.common.params import load_params
from stages.common.records import ProfileLoss
from stages.score.params import ScoreParams
from thesis.verify.artifacts import SCORES, SUMMARY
from thesis.verify.scratch import run_stage, set_aside

STAGES = ("prepare", "collect", "score", "evaluate", "report")


@contextmanager
def replaced(root: Path, outputs: Sequence[str]) -> Iterator[Path]:
    """A folder with the expected outputs, which are back in their places afterwards.

    The next stage then begins with the expected ones.
    """
    aside = set_aside(root, outputs)
    try:
        yield aside
    finally:
        for path in outputs:
            _remove(root / path)
            if (aside / path).exists():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (aside / path).rename(root / path)
        shutil.rmtree(aside, ignore_errors=True)


def make(root: Path, stage: str) -> str:
    """Run a stage in a clone; why it failed, or "".

    Of `score`, only the summary of the losses is made: the losses need the base model.
    """
    if stage != "score":
        return run_stage(root, f"stages.{stage}")
    return _summarize(root) if (root / SCORES).exists() else f"{SCORES} is not there"


def _summarize(root: Path) -> str:
    from stages.score.summary import summarize  # lazily: it brings scipy

    params = load_params(ScoreParams, section="score", path=root / "params.yaml")
    write_metrics(root / SUMMARY, summarize(read_records(root / SCORES, ProfileLoss), params))
    return ""


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
