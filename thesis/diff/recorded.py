"""What dvc.lock records of a run: the base, data, params and code that its numbers come from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages.common.comparison import headline_prompt
from stages.common.fields import leaves
from stages.common.params import PARAMS, read_yaml
from stages.common.prompts import AskedPrompt
from stages.shell.errors import UserError
from thesis.diff.numbers import BARE

LOCK = Path("dvc.lock")
ADAPTERS = "models/adapters/"
NO_NUMBERS = ("report",)
"""Stages that compute no number."""


@dataclass(frozen=True)
class Recorded:
    """A dvc.lock, by key and path; what only the report reads is left out."""

    base: str
    params: Mapping[str, Any]
    """By dotted key; those of another file than params.yaml as `file: key`."""
    inputs: Mapping[str, str]
    """md5 of each dep that no stage makes, by path."""
    adapters: Mapping[str, str]
    """md5 of each adapter's folder, by path."""
    headline_prompt: str
    """Id of the prompt that the headline is about."""

    @property
    def sampling(self) -> Mapping[str, Any]:
        """The section `generate` of params.yaml."""
        return {
            key.removeprefix("generate."): value
            for key, value in self.params.items()
            if key.startswith("generate.")
        }

    def differing(self, now: dict[str, Any]) -> list[str]:
        """Keys of params.yaml whose value was another one when the numbers were made."""
        current = dict(leaves(now))
        own = {key: value for key, value in self.params.items() if ": " not in key}
        return [key for key, value in own.items() if current.get(key) != value]


def load_recorded(folder: Path) -> Recorded:
    """The lock in a project's folder.

    Raises:
        UserError: no evaluation is recorded there.
    """
    lock = read_yaml(folder / LOCK) if (folder / LOCK).exists() else {}
    stages = {name: stage for name, stage in lock.get("stages", {}).items() if name not in NO_NUMBERS}
    params = dict(_params(stages.values()))
    asked = stages.get("evaluate", {}).get("params", {}).get("data/prompts.yaml", {}).get("asked")
    if not asked or "base" not in params:
        raise UserError(
            f"{folder / LOCK}: records no evaluation by this version of the program; expected its base and "
            f"asked prompts\nRun it: dvc repro. {BARE}"
        )
    outputs = {one["path"]: one.get("md5", "") for stage in stages.values() for one in stage.get("outs", [])}
    deps = {one["path"]: one.get("md5", "") for stage in stages.values() for one in stage.get("deps", [])}
    return Recorded(
        base=params["base"],
        params=params,
        inputs={path: md5 for path, md5 in deps.items() if not _made(path, outputs)},
        adapters={path: md5 for path, md5 in outputs.items() if path.startswith(ADAPTERS)},
        headline_prompt=headline_prompt([AskedPrompt.model_validate(one) for one in asked]).id,
    )


def _params(stages: Any) -> Iterator[tuple[str, Any]]:
    for stage in stages:
        for file, values in stage.get("params", {}).items():
            head = "" if file == PARAMS.as_posix() else f"{file}: "
            for key, value in leaves(values):
                yield head + key, value


def _made(path: str, outputs: Mapping[str, str]) -> bool:
    """Whether a stage makes this file or the folder around it."""
    return any(path == one or path.startswith(f"{one}/") for one in outputs)
