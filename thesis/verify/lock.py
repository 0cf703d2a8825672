"""dvc.lock and dvc.yaml, read without DVC."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from stages.common.params import PARAMS, read_yaml
from stages.shell.errors import UserError
from stages.shell.used import value_at

LOCK = Path("dvc.lock")
PIPELINE = Path("dvc.yaml")


@dataclass(frozen=True)
class Locked:
    """A stage as dvc.lock recorded its last run."""

    name: str
    command: str
    deps: Mapping[str, str]
    """md5 by path."""
    outs: Mapping[str, str]
    params: Mapping[str, Mapping[str, Any]]
    """Values by file and dotted key."""


@dataclass(frozen=True)
class Described:
    """A stage as dvc.yaml describes it."""

    command: str
    deps: Sequence[str]
    carried: Sequence[str]
    """Outputs that DVC carries: they come with a pull."""
    kept: Sequence[str]
    """Outputs that are in git."""
    params: Sequence[tuple[str, str]]
    """File and dotted key."""


class Records:
    """Both files of a project."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content = cache(lambda file: read_yaml(root / file))
        """A YAML file that holds params, read once."""

    @cached_property
    def locked(self) -> dict[str, Locked]:
        stages = _stages(self.root / LOCK)
        try:
            return {str(name): _locked(str(name), entry) for name, entry in stages.items()}
        except (KeyError, TypeError, AttributeError):
            raise UserError(f"{LOCK}: not in the form that DVC writes\ngit checkout {LOCK}") from None

    @cached_property
    def described(self) -> dict[str, Described]:
        return {str(name): self._described(entry) for name, entry in _stages(self.root / PIPELINE).items()}

    @cached_property
    def carried(self) -> frozenset[str]:
        """Outputs of all stages that come with a pull, not with git."""
        return frozenset(path for stage in self.described.values() for path in stage.carried)

    def is_carried(self, path: str) -> bool:
        """Whether a file comes with a pull: it is such an output, or lies in one."""
        return any(path == out or path.startswith(f"{out}/") for out in self.carried)

    @cached_property
    def _base(self) -> str:
        return str(value_at(self.content(PARAMS.as_posix()), "base"))

    def _described(self, entry: Mapping[str, Any]) -> Described:
        return Described(
            command=entry["cmd"],
            deps=entry.get("deps", []),
            carried=outputs_in(entry, carried=True),
            kept=outputs_in(entry, carried=False),
            params=[*self._params(entry.get("params", []))],
        )

    def _params(self, listed: Sequence[Any]) -> Iterator[tuple[str, str]]:
        for one in listed:
            for file, keys in ({PARAMS.as_posix(): [one]} if isinstance(one, str) else one).items():
                yield from ((file, key.replace("${base}", self._base)) for key in keys or [])


def outputs_in(entry: Mapping[str, Any], *, carried: bool) -> list[str]:
    """Outputs that a stage of dvc.yaml lists: those that DVC carries, or those in git (`cache: false`).

    >>> outputs_in({"outs": ["x", {"y": {"cache": False}}]}, carried=True)
    ['x']
    """
    outs = [out if isinstance(out, dict) else {out: {}} for out in entry.get("outs", [])]
    return [
        path
        for out in outs
        for path, facts in out.items()
        if bool((facts or {}).get("cache", True)) == carried
    ]


def _stages(file: Path) -> dict[str, Any]:
    content = read_yaml(file)
    stages = content.get("stages") if isinstance(content, dict) else None
    if not isinstance(stages, dict):
        raise UserError(f"{file.name}: has no stages\ngit checkout {file.name}")
    return stages


def _locked(name: str, entry: Mapping[str, Any]) -> Locked:
    return Locked(
        name=name,
        command=entry["cmd"],
        deps={dep["path"]: dep["md5"] for dep in entry.get("deps", [])},
        outs={out["path"]: out["md5"] for out in entry.get("outs", [])},
        params=entry.get("params", {}),
    )
