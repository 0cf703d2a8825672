"""release/store: the embedded remote, object by object, without DVC."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from thesis.verify.findings import Finding, compared
from thesis.verify.hashing import FOLDER, md5_of
from thesis.verify.lock import Records

STAGE = "store"
STORE = Path("release/store/files/md5")


def check(records: Records) -> Iterator[Finding]:
    """Whether each object is what its name says, and whether every artifact of dvc.lock is there."""
    store = records.root / STORE
    if not store.is_dir():
        return
    names = {file.parent.name + file.name: file for file in sorted(store.glob("??/*"))}
    wrong = [name for name, file in names.items() if md5_of(file) != name.removesuffix(FOLDER)]
    told = f"{len(names)} as their names say"
    needed = dict(_needed(records, names))
    got = f"tampered: {_named(wrong, needed)}" if wrong else told
    yield Finding(STAGE, "objects", told, got, not wrong)
    lacking = sorted({*needed} - {*names})
    got = _named(lacking, needed) or "none lacks"
    yield compared(STAGE, f"{len(needed)} objects of dvc.lock", "none lacks", got)


def _named(objects: Sequence[str], needed: Mapping[str, str]) -> str:
    """Each object with the artifact that it holds."""
    return ", ".join(f"{needed.get(name, 'of no artifact of this commit')} ({name})" for name in objects)


def _needed(records: Records, names: Mapping[str, Path]) -> Iterator[tuple[str, str]]:
    """Names of the objects that a pull brings, with the path of the artifact that each holds."""
    for stage in records.locked.values():
        for path, md5 in stage.outs.items():
            if path in records.carried:
                yield md5, path
                if md5.endswith(FOLDER) and md5 in names and md5_of(names[md5]) + FOLDER == md5:
                    rows = json.loads(names[md5].read_bytes())
                    yield from ((row["md5"], f"{path}/{row['relpath']}") for row in rows)
