"""release/store: the embedded remote, object by object, without DVC."""

import json
from collections.abc import Iterator
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
    yield Finding(STAGE, "objects", told, f"tampered: {', '.join(wrong)}" if wrong else told, not wrong)
    needed = {*_needed(records, names)}
    lacking = sorted(needed - {*names})
    yield compared(
        STAGE, f"{len(needed)} objects of dvc.lock", "none lacks", ", ".join(lacking) or "none lacks"
    )


def _needed(records: Records, names: dict[str, Path]) -> Iterator[str]:
    """Names of the objects that a pull brings."""
    for stage in records.locked.values():
        for path, md5 in stage.outs.items():
            if path in records.carried:
                yield md5
                if md5.endswith(FOLDER) and md5 in names:
                    yield from (row["md5"] for row in json.loads(names[md5].read_bytes()))
