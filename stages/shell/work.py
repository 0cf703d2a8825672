"""Where a killed stage continues: .work/<stage>/<fingerprint>/."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from stages.common.files import files_in, sha256_of
from stages.common.llm.ranks import from_first, wait
from stages.common.params import read_yaml
from stages.shell.locked import installed_version
from stages.shell.rank import is_first
from stages.shell.runs import WORK
from stages.shell.syntax import code_of
from stages.shell.used import Used

LIBRARIES = (
    "torch", "transformers", "tokenizers", "accelerate", "peft", "bitsandbytes", "numpy", "xgrammar",
)  # fmt: skip
"""What computes with a base: its tokens, its weights, steps of training, losses, noise, grammar and draws."""


@contextmanager
def continued(stage: str, parameters: Any, used: Used, work: str | None = None) -> Iterator[Path]:
    """The folder where a killed run of the same stage on the same inputs left what it had; all processes'.

    The stage must have read all its inputs.

    Args:
        parameters: what the result depends on beside deps and versions.
        used: the inputs, since before the stage read the first.
        work: another folder under .work/ than the stage's own.

    Raises:
        UserError: an input changed, so the folder would have the name of inputs that were not read.
    """
    name = from_first(lambda: fingerprint(stage, parameters))
    used.refuse_changes()
    with work_folder(work or stage, name) as folder:
        yield folder


def fingerprint(stage: str, parameters: Any) -> str:
    """Name for what a stage's result depends on: data, code, parameter values and library versions.

    Python code counts without what changes no result, so a corrected comment keeps what was computed.
    """
    deps = read_yaml(Path("dvc.yaml"))["stages"][stage]["deps"]
    facts = {
        "deps": {dep: _content_of(Path(dep)) for dep in deps},
        "parameters": parameters,
        "versions": {name: installed_version(name) for name in LIBRARIES},
    }
    return _sha256(facts)[:16]


@contextmanager
def work_folder(stage: str, name: str) -> Iterator[Path]:
    """The folder of this run. It is removed after a good end, those of other runs at the start."""
    home = WORK / stage
    home.mkdir(parents=True, exist_ok=True)
    if is_first():
        for other in (path for path in home.iterdir() if path.is_dir() and path.name != name):
            shutil.rmtree(other)
    yield home / name
    wait()
    if is_first():
        shutil.rmtree(home / name, ignore_errors=True)


def _content_of(dep: Path) -> str | dict[str, str]:
    """The hash of a dep; for code, the hash of each file."""
    if dep.parts[0] != "stages":
        return sha256_of(dep)
    return {file.as_posix(): _code_hash(file) for file in (files_in(dep) if dep.is_dir() else [dep])}


def _code_hash(file: Path) -> str:
    if file.suffix == ".py":
        with suppress(SyntaxError, ValueError):  # Python 3.11 has a ValueError for null bytes
            return _sha256(code_of(file.read_bytes()))
    return sha256_of(file)


def _sha256(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
