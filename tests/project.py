"""A project under git and DVC on the tiny Llama, and the commands typed in it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.tiny import ROOT, edit_yaml, make_workspace

RESULTS = (
    "data/prepared",
    "models/adapters",
    "data/generated",
    "data/collected",
    "data/scores",
    "data/evaluated",
    "metrics",
    "reports",
    "dvc.lock",
)
SET_UP = (".gitignore", ".dvcignore", ".gitattributes")


class Project:
    """A clone of the project, and the commands typed in it."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        with self.start(*command) as process:
            said, told = process.communicate()
        return subprocess.CompletedProcess(command, process.returncode, said, told)

    def start(self, *command: str) -> subprocess.Popen[str]:
        # the stages are run as `python`: of this environment
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        env = {**os.environ, "PATH": path, "DVC_NO_ANALYTICS": "1", "THESIS_DEVICE": "cpu", **self.env}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder, env=env, stdout=pipe, stderr=pipe, text=True)

    def do(self, *command: str) -> str:
        done = self.run(*command)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def dvc(self, *words: str) -> str:
        return self.do(sys.executable, "-m", "dvc", *words)

    def git(self, *words: str) -> str:
        return self.do("git", "-c", "user.name=tester", "-c", "user.email=tester@example.org", *words)

    def changed(self) -> set[str]:
        """The stages whose own deps or params are not those of dvc.lock: what `dvc repro` begins with."""
        return set(json.loads(self.dvc("status", "--json")))

    def copy(self, folder: Path) -> "Project":
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder, self.env)

    def people(self, condition: str) -> list[dict[str, Any]]:
        people: list[dict[str, Any]] = json.loads(
            (self.folder / f"data/raw/{condition}.json").read_text("utf-8")
        )
        return people

    def write_people(self, condition: str, people: list[dict[str, Any]]) -> None:
        (self.folder / f"data/raw/{condition}.json").write_text(json.dumps(people), "utf-8")

    def results(self) -> dict[str, bytes]:
        files = [f for r in RESULTS for f in [self.folder / r, *(self.folder / r).rglob("*")] if f.is_file()]
        return {f.relative_to(self.folder).as_posix(): f.read_bytes() for f in files}


def make_project(home: Path, llama: Path) -> Project:
    """A new project in `home`, in which nothing ran yet and nothing is committed."""
    project = Project(make_workspace(home / "project", llama), {"THESIS_CACHE": str(home / "cache")})
    for name in SET_UP:
        shutil.copy(ROOT / name, project.folder)
    project.git("init", "--quiet", ".")
    project.dvc("init", "--quiet")  # refuses a folder that has a .dvc
    shutil.copy(ROOT / ".dvc/config", project.folder / ".dvc/config")
    paste(project.folder, "claude/none/free-profile/01.md", "Here: {}")
    shutil.copytree(ROOT / ".dvc/plots", project.folder / ".dvc/plots", dirs_exist_ok=True)
    return project


def paste(folder: Path, name: str, answer: str) -> None:
    """Paste an answer of a chat page into a project's folder."""
    path = folder / "data/external" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(answer, "utf-8")


def change_params(**changes: Any) -> Callable[[Path], None]:
    """A function that changes a project's params.yaml."""
    return lambda folder: edit_yaml(folder / "params.yaml", changes)
