"""release/manifest.json: the sha256 of every file of a release, in the format of OpenSSF Model Signing v1.0.

It is an in-toto statement that a signature can carry unchanged. Its root digest is the sha256 of the files'
digests, in the order of their names: one word that names the release.
https://github.com/ossf/model-signing-spec
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages.common.files import read_json, write_json
from stages.shell.errors import UserError, mistakes
from thesis.verify.hashing import Hasher, files_below

MANIFEST = Path("release/manifest.json")
NAME = "llama-thesis"
"""Informational by the specification: a clone can lie in a folder of any name."""
FOLDERS = ("data", "metrics", "models", "reports", "stages")
"""Listed whole: a file in them that the manifest does not list is an error."""
FILES = ("docs/method.md", "dvc.lock", "dvc.yaml", "params.yaml", "requirements.lock")
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://model_signing/signature/v1.0"
SERIALIZATION = {"method": "files", "hash_type": "sha256", "allow_symlinks": True, "ignore_paths": []}
"""Links are followed: DVC can be set to link artifacts from its cache."""
AGAIN = "Take the file from the release again: git checkout release"


@dataclass(frozen=True)
class Statement:
    """What a manifest says."""

    root: str
    """The recorded root digest."""
    sha256: Mapping[str, str]
    """By path from the project's folder."""

    def below(self, folder: str) -> dict[str, str]:
        """sha256 by path within a folder."""
        head = f"{folder}/"
        return {
            path.removeprefix(head): found for path, found in self.sha256.items() if path.startswith(head)
        }


def write_manifest(root: Path = Path()) -> str:
    """Write the manifest of the project as it is; its root digest.

    The project should be whole and current: this only lists what is there.
    """
    hasher = Hasher(root)
    sha256 = {path: hasher.of(path).sha256 for path in sorted(listed(root))}
    write_json(root / MANIFEST, statement_of(sha256))
    return root_digest(sha256)


def statement_of(sha256: Mapping[str, str]) -> dict[str, Any]:
    """The statement as JSON.

    Args:
        sha256: by path, sorted.
    """
    resources = [{"name": path, "algorithm": "sha256", "digest": found} for path, found in sha256.items()]
    return {
        "_type": STATEMENT,
        "subject": [{"name": NAME, "digest": {"sha256": root_digest(sha256)}}],
        "predicateType": PREDICATE,
        "predicate": {"serialization": SERIALIZATION, "resources": resources},
    }


def root_digest(sha256: Mapping[str, str]) -> str:
    """sha256 over the digests' bytes, one after the other, in the order of the names' code points."""
    return hashlib.sha256(b"".join(bytes.fromhex(sha256[name]) for name in sorted(sha256))).hexdigest()


def listed(root: Path) -> Iterator[str]:
    """Paths that a manifest of the project lists, without parts that a killed run left."""
    for folder in FOLDERS:
        if (root / folder).is_dir():
            yield from (f"{folder}/{name}" for name in files_below(root / folder) if not is_part(name))
    yield from (file for file in FILES if (root / file).is_file())


def is_part(path: str) -> bool:
    """Whether a file is one that a killed process had not finished."""
    name = path.rpartition("/")[2]
    return name.startswith(".") and name.endswith(".part")


def read_statement(path: Path) -> Statement:
    """A manifest of this form; UserError if it is of another."""
    return parsed(read_json(path), path)


def parsed(content: Any, path: Path) -> Statement:
    """A statement, checked as section 8.3 of the specification asks.

    Raises:
        UserError: names what does not fit.
    """
    try:
        wrong = [*_mistakes(content)]
        resources = {one["name"]: one["digest"] for one in content["predicate"]["resources"]}
        root = content["subject"][0]["digest"]["sha256"]
    except (KeyError, TypeError, IndexError, AttributeError, ValueError):
        raise UserError(f"{path}: not a manifest of OpenSSF Model Signing v1.0\n{AGAIN}") from None
    if wrong:
        raise mistakes(f"{path}: {len(wrong)} mistakes", wrong, AGAIN)
    return Statement(root, resources)


def _mistakes(content: Any) -> Iterator[str]:
    names = [one["name"] for one in content["predicate"]["resources"]]
    serialization = content["predicate"]["serialization"]
    expected = {
        "_type": (content["_type"], STATEMENT),
        "predicateType": (content["predicateType"], PREDICATE),
        "number of subjects": (len(content["subject"]), 1),
        "serialization.method": (serialization["method"], "files"),
        "serialization.hash_type": (serialization["hash_type"], "sha256"),
    }
    for what, (found, wanted) in expected.items():
        if found != wanted:
            yield f"{what} is {found!r}, not {wanted!r}"
    if names != sorted(set(names)) or not names:
        yield "resources are not sorted by name, or one is listed twice, or there are none"
    for one in content["predicate"]["resources"]:
        if one["algorithm"] != "sha256" or len(bytes.fromhex(one["digest"])) != 32:
            yield f"{one['name']}: not a sha256"
        if one["name"].startswith("/") or ".." in one["name"].split("/"):
            yield f"{one['name']}: leads out of the project"
