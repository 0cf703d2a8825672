"""A scratch clone: what a check runs in, so that nothing of the author's is overwritten."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from thesis.verify.artifacts import STORE
from thesis.verify.statement import FILES

FOLDERS = ("data", "docs", "experiments", "metrics", "models", "release", "reports", "stages", "thesis")
ASIDE = Path(".work/recorded")


@contextmanager
def scratch_clone(root: Path) -> Iterator[Path]:
    """A copy of code, data, artifacts and the listed files beside them, removed afterwards.

    Python imports from this folder first, so unlisted code beside the project's must not get here. It has no
    .git and no .dvc: a check needs neither. Links become files; nothing in it is read-only.
    """
    with tempfile.TemporaryDirectory(prefix="thesis-verify-") as home:
        clone = Path(home).resolve() / "clone"
        clone.mkdir()
        for path in sorted(root.iterdir()):
            if path.is_dir() and path.name in FOLDERS:
                shutil.copytree(
                    path,
                    clone / path.name,
                    ignore=lambda folder, names: _left_out(root, Path(folder), names),
                    copy_function=_copy,
                    ignore_dangling_symlinks=True,
                )
            elif path.is_file() and path.name in (*FILES, ".dvcignore"):
                _copy(str(path), str(clone / path.name))
        for folder in (clone, *(path for path in clone.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        yield clone


def set_aside(clone: Path, outputs: Collection[str]) -> Path:
    """Move outputs out of the way, so that a stage must make each of them; the folder where they are now."""
    for path in outputs:
        if (clone / path).exists():
            (clone / ASIDE / path).parent.mkdir(parents=True, exist_ok=True)
            (clone / path).rename(clone / ASIDE / path)
    return clone / ASIDE


def run_stage(clone: Path, *words: str, shows: bool = False) -> str:
    """Run a stage in a clone; why it failed, or "".

    Args:
        words: the module and its options.
        shows: whether its progress goes to the terminal.
    """
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=clone,
        env={name: value for name, value in os.environ.items() if not name.startswith("DVC_")},
        stdout=sys.stderr if shows else subprocess.DEVNULL,
        stderr=None if shows else subprocess.PIPE,
        text=True,
        check=False,
    )
    said = [line for line in (done.stderr or "see above").splitlines() if line.strip()]
    return "" if done.returncode == 0 else f"ended with {done.returncode}: {' '.join(said[-3:])}"


def _left_out(root: Path, folder: Path, names: Collection[str]) -> set[str]:
    # the content of the store lies in the other folders already
    return {name for name in names if name == "__pycache__" or folder / name == root / STORE}


def _copy(source: str, target: str) -> str:
    """The content alone: an artifact from DVC's cache may be read-only."""
    return shutil.copyfile(source, target)
