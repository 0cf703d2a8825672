"""Stages run again in a scratch clone, each from the artifacts that are there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from stages.common.files import read_records, write_metrics
from stages.common.params import load_params
from stages.common.records import ProfileLoss
from stages.score.params import ScoreParams

STAGES = ("prepare", "collect", "score", "evaluate", "report")
ASIDE = Path(".work/expected")
SCORES, SUMMARY = Path("data/scores/nll.jsonl"), Path("metrics/score.json")


@contextmanager
def set_aside(root: Path, outputs: Sequence[str]) -> Iterator[Path]:
    """A folder with the expected outputs, which are back in their places afterwards.

    A stage then has to make each of them, and the next stage begins with the expected ones.
    """
    aside = root / ASIDE
    for path in outputs:
        if (root / path).exists():
            (aside / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).rename(aside / path)
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
    if stage == "score":
        if not (root / SCORES).exists():
            return f"{SCORES} is not there"
        return _summarize(root)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DVC_", "THESIS_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", f"stages.{stage}"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if line.strip()]
    return "" if done.returncode == 0 else f"ended with {done.returncode}: {' '.join(said[-3:])}"


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
