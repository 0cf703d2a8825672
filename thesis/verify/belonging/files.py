"""Files against dvc.lock, stage by stage; each file that differs is named."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from thesis.verify.belonging.repository import is_committed, outdated
from thesis.verify.belonging.store import OBJECTS
from thesis.verify.findings import Finding, unchecked
from thesis.verify.hashing import FOLDER, Hasher
from thesis.verify.lock import LOCK, Records
from thesis.verify.statement import Statement

CACHES = (Path(".dvc/cache/files/md5"), OBJECTS)
"""Where DVC keeps the lists of folders' files."""
NOT_PULLED = "not pulled (make pull, or: dvc pull)"
TAMPERED, MISSING, UNLISTED = "tampered", "missing", "not listed in its folder"
CODE = "stages/"
OUTPUTS = "outputs"


class Files:
    """Compares what dvc.lock recorded with what is there."""

    def __init__(self, records: Records, hasher: Hasher, statement: Statement | None) -> None:
        """Keep what can name the files of a folder.

        Args:
            statement: the manifest, which knows them where DVC's own list is not there.
        """
        self.records, self.hasher, self.statement = records, hasher, statement
        self._told: set[str] = set()

    def of_stage(self, name: str) -> Iterator[Finding]:
        """What a stage read and wrote."""
        stage = self.records.locked[name]
        code = {path: md5 for path, md5 in stage.deps.items() if path.startswith(CODE)}
        inputs = {path: md5 for path, md5 in stage.deps.items() if path not in code}
        for kind, md5 in (("code", code), ("inputs", inputs), (OUTPUTS, stage.outs)):
            yield from self._group(name, kind, md5)

    def _group(self, stage: str, kind: str, md5: Mapping[str, str]) -> Iterator[Finding]:
        """One finding about all that are the same, and one about each that is not."""
        wrong = [path for path, expected in md5.items() if self.hasher.md5(path) != expected]
        if n_same := len(md5) - len(wrong):
            told = f"{n_same} as in {LOCK}"
            yield Finding(stage, kind, told, told, True)
        for path in wrong:
            yield from self._wrong(stage, f"{kind}: {path}", path, md5[path])

    def _wrong(self, stage: str, what: str, path: str, expected: str) -> Iterator[Finding]:
        """What is wrong with a file, or with each file of a folder; a second time only that it is."""
        found = self.hasher.md5(path)
        if found is None and self.records.is_carried(path):
            yield unchecked(stage, what, NOT_PULLED, expected=expected)
        elif found is None:
            yield Finding(stage, what, expected, MISSING, False)
        elif path in self._told:
            yield Finding(stage, what, expected, f"{found}, as told above", False)
        else:
            self._told.add(path)
            for name, fault in self._named(path, expected, found).items():
                told = self._told_of(f"{path}{name and '/'}{name}", fault)
                yield Finding(stage, f"{what}{name and '/'}{name}", expected, told, False)

    def _told_of(self, path: str, fault: str) -> str:
        """A fault with what to do about it."""
        if not fault.startswith(TAMPERED):
            return fault
        if is_committed(self.hasher.root, path):
            return outdated(self.hasher.root, [path], LOCK, "dvc repro")
        return f"{fault}{restored(path, self.records)}"

    def _named(self, path: str, expected: str, found: str) -> dict[str, str]:
        """What is wrong, by file within a folder, or under "" by itself."""
        known: dict[str, str] | None = None
        if expected.endswith(FOLDER) and found.endswith(FOLDER):
            there = self.hasher.listing(path)
            known = self._list_of(expected)
            if known is None and self.statement:
                known = self.statement.below(path)
                there = {name: self.hasher.of(f"{path}/{name}").sha256 for name in there}
            if known and (named := faults(known, there)):
                return named
        return {"": f"{TAMPERED}: {found}"}

    def _list_of(self, md5: str) -> dict[str, str] | None:
        """md5 by path within a folder, from DVC's list of it, which its own hash vouches for."""
        for cache in CACHES:
            file = self.hasher.root / cache / md5[:2] / md5[2:]
            text = file.read_bytes() if file.is_file() else b""
            if hashlib.md5(text, usedforsecurity=False).hexdigest() + FOLDER == md5:
                return {row["relpath"]: row["md5"] for row in json.loads(text)}
        return None


def output_in(what: str) -> str | None:
    """The output that a finding is about; None if it is about something else.

    >>> output_in("outputs: metrics/score.json"), output_in("code")
    ('metrics/score.json', None)
    """
    kind, _, path = what.partition(": ")
    return path if kind == OUTPUTS and path else None


def restored(path: str, records: Records) -> str:
    """How to undo a change of one's own."""
    command = "dvc checkout --force" if records.is_carried(path) else "git checkout"
    return f" (if you changed it yourself: {command} {path})"


def faults(expected: Mapping[str, str], there: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with files, by path.

    Args:
        expected: hash by path.
        there: the same of the files that are there.

    >>> faults({"a": "1", "b": "2"}, {"b": "3", "c": "4"})
    {'a': 'missing', 'b': 'tampered: 3', 'c': 'not listed in its folder'}
    """
    wrong = [path for path in sorted({*expected, *there}) if expected.get(path) != there.get(path)]
    return {
        path: UNLISTED if path not in expected else f"{TAMPERED}: {there[path]}" if path in there else MISSING
        for path in wrong
    }
