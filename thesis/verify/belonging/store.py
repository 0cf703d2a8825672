"""release/store: the embedded remote, object by object, without DVC."""

import json
from collections.abc import Iterator
from pathlib import Path

from thesis.verify.artifacts import STORE
from thesis.verify.findings import Finding, compared
from thesis.verify.hashing import FOLDER, md5_of
from thesis.verify.lock import Records

STAGE = "store"
OBJECTS = STORE / "files/md5"


def check(records: Records) -> Iterator[Finding]:
    """Whether each object is what its name says, and whether every artifact of dvc.lock is there."""
    store = records.root / OBJECTS
    if not store.is_dir():
        return
    there = {file.parent.name + file.name for file in store.glob("??/*")}
    needed = dict(artifacts(records))
    wrong = [
        f"{needed.get(name, 'no artifact of this commit')} ({place(name).as_posix()})"
        for name in sorted(there)
        if not is_sound(records.root / place(name))
    ]
    told = f"{len(there)} as their names say"
    yield Finding(STAGE, "objects", told, f"tampered: {', '.join(wrong)}" if wrong else told, not wrong)
    lacking = ", ".join(f"{path} ({name})" for name, path in sorted(needed.items()) if name not in there)
    yield compared(STAGE, f"{len(needed)} objects of dvc.lock", "none lacks", lacking or "none lacks")


def artifacts(records: Records) -> Iterator[tuple[str, str]]:
    """Name and artifact of each object that a pull brings."""
    for stage in records.locked.values():
        for path, md5 in stage.outs.items():
            if path in records.carried:
                yield md5, path
                listing = records.root / place(md5)
                if md5.endswith(FOLDER) and listing.is_file() and is_sound(listing):
                    rows = json.loads(listing.read_bytes())
                    yield from ((row["md5"], f"{path}/{row['relpath']}") for row in rows)


def place(name: str) -> Path:
    """Where an object lies.

    >>> place("d41d8c.dir").as_posix()
    'release/store/files/md5/d4/1d8c.dir'
    """
    return OBJECTS / name[:2] / name[2:]


def is_sound(file: Path) -> bool:
    """Whether a file has the md5 that its place says."""
    return md5_of(file) == (file.parent.name + file.name).removesuffix(FOLDER)
