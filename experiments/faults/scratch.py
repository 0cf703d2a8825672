"""A scratch copy of the project that faults are done to, and the commands typed in it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import yaml

from benchmarks.random_checkpoint import LLAMA_2_7B, RAW, write
from stages.common.files import read_json, write_json
from stages.common.params import read_yaml, yaml_reader
from stages.shell.errors import UserError

ROOT = Path(__file__).parents[2]
TINY = replace(LLAMA_2_7B, layers=2, hidden=64, intermediate=128, heads=4, kv_heads=2, vocabulary=2000)
N_PEOPLE = 60
LESS: dict[str, dict[str, Any]] = {
    "score": {"records_per_pack": 2, "resamples": 200},
    "generate": {"draws": 8, "max_new_tokens": 60, "shots": 1, "batch_size": 4},
    "evaluate": {"null_draws": 200},
}
LESS_TRAINING = {"steps": 40, "evaluate_every": 4, "validation_records": 8, "max_length": 4000}
NAMED = ("-c", "user.name=faults", "-c", "user.email=faults@example.org")
SCRATCH = (".git", ".dvc", ".work")
"""Folders of a project that hold no result."""


class Project:
    """A project under git and DVC in which everything ran once."""

    def __init__(self, folder: Path, env: Mapping[str, str], began: float = 0.0) -> None:
        """
        Args:
            began: when the undisturbed run began, in seconds since 1970.
        """
        self.folder, self.env, self.began = folder, dict(env), began
        self._said: IO[str] | None = None

    def start(self, *command: str, before: Callable[[], None] | None = None) -> "subprocess.Popen[str]":
        """Start a command in a process group of its own, as a terminal does.

        Args:
            before: called in the new process.
        """
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        ours = {"PATH": path, "PYTHONPATH": str(self.folder), "DVC_NO_ANALYTICS": "1"}
        # a file, not a pipe: whoever outlives dvc would keep a pipe open
        self._said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        weakref.finalize(self, self._said.close)
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**os.environ, **ours, **self.env},
            stdout=self._said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=before,
            text=True,
        )

    def said(self) -> str:
        """What the command that was started last has printed; it must have ended."""
        if self._said is None:
            return ""
        self._said.seek(0)
        return self._said.read()

    def run(self, *command: str, before: Callable[[], None] | None = None) -> int:
        """The exit code of a command."""
        with self.start(*command, before=before) as process:
            return process.wait()

    def do(self, *command: str) -> str:
        """What a command printed; UserError if it failed."""
        if code := self.run(*command):
            raise UserError(f"{' '.join(command)} ended with code {code} in {self.folder}\n{self.said()}")
        return self.said()

    def dvc(self, *words: str) -> int:
        return self.run(sys.executable, "-m", "dvc", *words)

    def commit(self) -> None:
        self.do("git", "add", "--all")
        self.do("git", *NAMED, "commit", "--quiet", "--no-verify", "--message", "The undisturbed run")

    def copy(self, folder: Path) -> "Project":
        """A copy with its own cache, so that a fault does no harm to this one."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder, self.env, self.began)

    def forget_runs(self) -> None:
        """Remove DVC's memory of earlier runs: a stage would be restored instead of continued."""
        shutil.rmtree(self.folder / ".dvc/cache/runs", ignore_errors=True)

    def results(self) -> dict[str, bytes]:
        """Every file outside of scratch folders, by path; hidden ones and half-written parts too."""
        files = (file for file in sorted(self.folder.rglob("*")) if file.is_file())
        named = ((file.relative_to(self.folder), file) for file in files)
        return {
            name.as_posix(): file.read_bytes()
            for name, file in named
            if name.parts[0] not in SCRATCH and "__pycache__" not in name.parts
        }

    def differing(self, undisturbed: Mapping[str, bytes]) -> list[str]:
        """The paths whose bytes are not those of the undisturbed run, those that are missing or new too.

        Of dvc.lock the entries count: DVC writes one that was removed behind the others.
        """
        now = self.results()
        names = {*now, *undisturbed}
        return sorted(name for name in names if not _same(name, now.get(name), undisturbed.get(name)))

    @property
    def stages(self) -> list[str]:
        return [*read_yaml(self.folder / "dvc.yaml")["stages"]]

    def outputs(self, stage: str) -> list[Path]:
        """The files that a stage wrote."""
        entries = read_yaml(self.folder / "dvc.lock")["stages"][stage]["outs"]
        places = [self.folder / entry["path"] for entry in entries]
        return [file for place in places for file in [place, *sorted(place.rglob("*"))] if file.is_file()]


def _same(name: str, one: bytes | None, other: bytes | None) -> bool:
    if name != "dvc.lock" or one is None or other is None:
        return one == other
    return bool(yaml_reader().load(one) == yaml_reader().load(other))


def make_project(home: Path, *, real: bool) -> Project:
    """A clone of the last commit in which everything ran once, undisturbed.

    Args:
        real: keep the project's own base, data and params. Otherwise a random base and few people.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it, and hands that on
    env = {"THESIS_DEVICE": "cpu", "OMP_NUM_THREADS": "1"}
    if not real:
        env["THESIS_CACHE"] = str(home / "cache")
    project = Project(home / "project", env)
    home.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(project.folder)], check=True)
    if not real:
        _shrink(project.folder, write(TINY, home / "checkpoint", "float32"))
    project.began = time.time()
    project.do(sys.executable, "-m", "dvc", "repro")
    project.commit()
    return project


def _shrink(folder: Path, checkpoint: Path) -> None:
    """Let a project compute with a tiny base and few people."""
    bases, params = read_yaml(folder / "models/bases.yaml"), read_yaml(folder / "params.yaml")
    like = bases["llama-2-7b"] | {"dtype": "float32", "gradient_checkpointing": False}
    bases["tiny"] = like | {"origin": {"path": str(checkpoint.absolute())}}
    params["base"] = "tiny"
    params["train"]["common"] |= LESS_TRAINING
    for section, changes in LESS.items():
        params[section] |= changes
    for name, content in (("models/bases", bases), ("params", params)):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    for file in RAW:
        write_json(folder / file, read_json(folder / file)[:N_PEOPLE])
