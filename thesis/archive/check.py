#!/usr/bin/env python3
"""Check this archive with Python 3.8 or newer alone: no git, no DVC, no network.

./check                  compare every file with its hash, and the parts with each other
./check --copy FOLDER    and copy the results to FOLDER under their own names
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import struct
import sys
from pathlib import Path
from typing import Callable, Iterator

SUMS = "SHA256SUMS"
LEFT_BY_SYSTEMS = (".DS_Store", "Thumbs.db", "desktop.ini")
FOLDER = ".dir"


def hash_of(path: Path, name: str) -> str:
    """The hash of a file's bytes, read in pieces."""
    digest = hashlib.new(name)
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def files_in(root: Path) -> list[str]:
    """Paths of all files, without what systems leave in folders that people look at."""
    found = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    kept = (name for name in found if name.split("/")[-1] not in LEFT_BY_SYSTEMS)
    return sorted(name for name in kept if not name.startswith("__MACOSX/"))


def wrong_sums(root: Path) -> Iterator[str]:
    """Files that differ from SHA256SUMS, are missing, or are not in it."""
    if not (root / SUMS).is_file():
        yield f"{SUMS}: missing"
        return
    text = (root / SUMS).read_text("utf-8")
    pairs = (line.split("  ", 1) for line in text.splitlines())
    sums = {name: digest for digest, name in pairs}
    for name in files_in(root):
        if name not in sums and name != SUMS:
            yield f"{name}: not in {SUMS}"
    for name, expected in sums.items():
        if not (root / name).is_file():
            yield f"{name}: missing"
        elif hash_of(root / name, "sha256") != expected:
            yield f"{name}: changed; its sha256 is not that of {SUMS}"


def wrong_objects(root: Path) -> Iterator[str]:
    """Objects of the store whose md5 is not their name, and folders of which a file is missing."""
    for path in sorted((root / "store/files/md5").glob("*/*")):
        if hash_of(path, "md5") != (path.parent.name + path.name).replace(FOLDER, ""):
            yield f"{path.relative_to(root).as_posix()}: damaged; its md5 is not its name"
        elif path.name.endswith(FOLDER):
            for name, md5 in listed(path):
                if not object_of(root, md5).is_file():
                    yield f"{path.relative_to(root).as_posix()}: lists {name}, which is missing"


def object_of(root: Path, md5: str) -> Path:
    """Where the store keeps what has this md5."""
    return root / "store/files/md5" / md5[:2] / md5[2:]


def listed(path: Path) -> list[tuple[str, str]]:
    """Name and md5 of each file of a folder, from the folder's object."""
    return [(entry["relpath"], entry["md5"]) for entry in json.loads(path.read_text("utf-8"))]


def outputs_of(lock: str) -> dict[str, str]:
    """The md5 of each output of all stages, from the text of dvc.lock."""
    found, part, path = {}, "", ""
    for line in lock.splitlines():
        section = re.match(r" {4}(\w+):", line)
        part = section.group(1) if section else part
        entry = re.match(r" {4}- path: (.*)", line) if part == "outs" else None
        path = entry.group(1) if entry else path
        value = re.match(r" {6}md5: (\S+)", line) if part == "outs" else None
        if value:
            found[unquoted(path)] = value.group(1)
    return found


def unquoted(text: str) -> str:
    """A YAML text of one line, without its quotes."""
    if text.startswith('"'):
        return str(json.loads(text))
    return text[1:-1].replace("''", "'") if text.startswith("'") else text


def folder_md5(folder: Path) -> str:
    """The hash that DVC gives a folder: of the list of its files."""
    entries = [{"md5": hash_of(folder / name, "md5"), "relpath": name} for name in files_in(folder)]
    return hashlib.md5(json.dumps(entries, sort_keys=True).encode()).hexdigest() + FOLDER


def wrong_outputs(root: Path) -> Iterator[str]:
    """Outputs of dvc.lock that are neither in the store nor, as they should be, among the project's files."""
    for path, md5 in outputs_of((root / "project/dvc.lock").read_text("utf-8")).items():
        place = root / "project" / path
        if object_of(root, md5).is_file():
            continue
        found = folder_md5(place) if place.is_dir() else hash_of(place, "md5") if place.is_file() else None
        if found is None:
            yield f"{path}: missing, in the store and in project/"
        elif found != md5:
            yield f"project/{path}: not the output that dvc.lock names"


def wrong_bundle(root: Path) -> Iterator[str]:
    """What is wrong with the git bundle: its header, its branch, or the hash at its end."""
    data = (root / "repository.bundle").read_bytes()
    head, _, pack = data.partition(b"\n\n")
    title, *lines = head.decode("utf-8", "replace").split("\n")
    names = [line.partition(" ")[2] for line in lines]
    if title != "# v2 git bundle" or "HEAD" not in names:
        yield "repository.bundle: no git bundle of version 2 with a HEAD"
    elif pack[:4] != b"PACK" or struct.unpack(">I", pack[4:8])[0] != 2:
        yield "repository.bundle: no pack of version 2"
    elif hashlib.sha1(pack[:-20]).digest() != pack[-20:]:
        yield "repository.bundle: damaged; the hash at its end is another"


CHECKS = (
    (f"every file is the one of {SUMS}", wrong_sums),
    ("every object of the store has the md5 of its name", wrong_objects),
    ("every output of dvc.lock is here", wrong_outputs),
    ("the git bundle is whole", wrong_bundle),
)


def found_by(find: Callable[[Path], Iterator[str]], root: Path) -> list[str]:
    """What one check finds wrong; what stopped it is a finding too."""
    try:
        return list(find(root))
    except FileNotFoundError as error:
        return ["{}: missing".format(str(error.filename or error).replace(f"{root}/", ""))]
    except Exception as error:  # noqa: BLE001 - no damage may end the other checks
        return [f"{error} ({type(error).__name__})"]


def check(root: Path) -> list[str]:
    """Run all checks, print what each found, and return what is wrong."""
    wrong = []
    for title, find in CHECKS:
        found = found_by(find, root)
        print(f"{'FAIL' if found else 'ok  '}  {title}")
        for line in found:
            print(f"      {line}")
        wrong += found
    return wrong


def copy(root: Path, target: Path) -> int:
    """Copy every output of the store to a folder under its own name; returns how many files."""
    done = 0
    for path, md5 in outputs_of((root / "project/dvc.lock").read_text("utf-8")).items():
        found = object_of(root, md5)
        pairs = listed(found) if md5.endswith(FOLDER) and found.is_file() else [("", md5)]
        for name, one in pairs:
            source, place = object_of(root, one), target / path / name
            if source.is_file() and target.resolve() in place.resolve().parents:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(source), str(place))
                done += 1
    return done


def main(words: list[str], root: Path | None = None) -> int:
    """The exit code: 0 if nothing is wrong, 1 otherwise, 2 for words that mean nothing."""
    here = root or Path(__file__).resolve().parent
    if words and (len(words) != 2 or words[0] != "--copy"):
        print(__doc__)
        return 2
    if check(here):
        print(
            "\nThis archive is not as it was made. Get it again, and compare its hash with the published one."
        )
        return 1
    print("\nNothing is missing and nothing was changed since this archive was made.")
    if words:
        print(f"{copy(here, Path(words[1]))} files copied to {words[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
