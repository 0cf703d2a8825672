"""Marks that git leaves in a file where it could not merge two versions."""

from pathlib import Path

from stages.shell.errors import UserError
from stages.shell.special import check_unconflicted
from thesis.doctor.findings import Finding, mistake, ok, problem
from thesis.doctor.project import Project

DVC_LOCK = "dvc.lock"
FILES = (
    DVC_LOCK,
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
"""Patterns of files that a stage wrote and git holds, and of data that someone put under DVC."""
WHOLE = "Take one side whole: git checkout --ours dvc.lock (or --theirs), then dvc repro"


def check(project: Project) -> list[Finding]:
    return unmerged(Path())


def unmerged(root: Path) -> list[Finding]:
    """A problem for every file with marks that git leaves where two versions could not be merged."""
    found = []
    others = [path.relative_to(root).as_posix() for like in OTHERS for path in sorted(root.glob(like))]
    for file in dict.fromkeys([*FILES, *others]):
        try:
            check_unconflicted(root / file)
        except UserError as error:
            wrong = mistake(str(error))
            found.append(problem(wrong.found, WHOLE) if file == DVC_LOCK else wrong)
    return found or [ok("no file has markers of an unfinished merge")]
