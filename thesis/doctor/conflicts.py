"""Marks that git leaves where two versions of a file could not be merged."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stages.shell.errors import UserError
from stages.shell.special import check_unconflicted
from thesis.doctor.findings import Finding, mistake, ok, problem

if TYPE_CHECKING:
    from thesis.doctor.study import Study

LOCK = "dvc.lock"
FILES = (
    LOCK,
    "dvc.yaml",
    "params.yaml",
    "models/bases.yaml",
    "data/prompts.yaml",
    "data/lexicon.yaml",
    "data/schema/profile.schema.json",
    "requirements.lock",
    "pyproject.toml",
    "metrics/declared.json",
    "data/raw/original.json",
    "data/raw/augmented.json",
    "experiments/params.yaml",
    "environment.yml",
    ".dvc/config",
)
OTHERS = ("metrics/**/*.json", "metrics/**/*.csv", "*.dvc", "data/*.dvc", "data/*/*.dvc", "models/*.dvc")
"""Patterns: what a stage wrote and git holds, and data that someone put under DVC."""
WHOLE = "Take one side whole: git checkout --ours dvc.lock (or --theirs), then dvc repro"


def check(study: "Study") -> list[Finding]:
    return judge(Path())


def judge(root: Path, files: Sequence[str] = FILES) -> list[Finding]:
    """A problem for every file with such a mark, with its first line."""
    found = []
    others = [path.relative_to(root).as_posix() for like in OTHERS for path in sorted(root.glob(like))]
    for file in dict.fromkeys([*files, *others]):
        try:
            check_unconflicted(root / file)
        except UserError as error:
            wrong = mistake(str(error))
            found.append(problem(wrong.found, WHOLE) if file == LOCK else wrong)
    return found or [ok("no file holds marks of an unfinished merge")]
