"""Marks that git leaves where two versions of a file could not be merged."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stages.common.special import check_unconflicted
from stages.shell.errors import UserError
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
)
WHOLE = "Take one side whole: git checkout --ours dvc.lock (or --theirs), then dvc repro"


def check(study: "Study") -> list[Finding]:
    return judge(Path())


def judge(root: Path, files: Sequence[str] = FILES) -> list[Finding]:
    """A problem for every file with such a mark, with its first line."""
    found = []
    for file in files:
        try:
            check_unconflicted(root / file)
        except UserError as error:
            wrong = mistake(str(error))
            found.append(problem(wrong.found, WHOLE) if file == LOCK else wrong)
    return found or [ok("no file holds marks of an unfinished merge")]
