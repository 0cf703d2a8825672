"""Hashes of weights, computed again only where a file may have changed.

A record in the user's cache keeps the hash of each large file with its size, times and inode. The hash
counts while these stay the same, because a write changes them. Only `full`, which `thesis doctor` sets,
finds damage without a write (a failing disk).
"""

import hashlib
import json
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from huggingface_hub.utils.sha import git_hash
from tqdm import tqdm

from stages.common.files import write_json

Watch: TypeAlias = Callable[[int, int], None]
"""Called with the number of bytes hashed so far and in total."""
LARGE_BYTES = 10_000_000
"""Smaller files are hashed every time."""
BAR_BYTES = 2_000_000_000
"""Hashing this much takes seconds, so a bar is shown."""
CHUNK_BYTES = 2**22
GIT_DIGITS = 40


def sha256_by_path(
    paths: Collection[Path], record: Path, *, full: bool = False, watch: Watch | None = None
) -> dict[Path, str]:
    """Hashes of files that are there.

    Args:
        record: what earlier calls found; updated.
        full: read every file, whatever the record says.
    """
    known = _read(record)
    stamps = {path: _stamp(path) for path in paths}
    stale = [path for path in paths if full or known.get(str(path), {}).get("stamp") != stamps[path]]
    found = {path: known[str(path)]["sha256"] for path in paths if path not in stale}
    found |= dict(zip(stale, _hashes(stale, watch), strict=True))
    large = [path for path in stale if stamps[path][0] >= LARGE_BYTES]
    if large:
        new = {str(path): {"stamp": stamps[path], "sha256": found[path]} for path in large}
        with suppress(OSError):  # a cache that only another user may write to
            write_json(record, known | new)
    return {path: found[path] for path in paths}


def faults(
    expected: Mapping[Path, str], record: Path, *, full: bool = False, watch: Watch | None = None
) -> dict[Path, str]:
    """What is wrong with files, by path: missing, or another hash than expected.

    Args:
        expected: sha256, or the name that git gives a file's content (40 digits).
    """
    there = [path for path in expected if path.is_file()]
    of_git = [path for path in there if len(expected[path]) == GIT_DIGITS]
    found = sha256_by_path([p for p in there if p not in of_git], record, full=full, watch=watch)
    found |= {path: git_hash(path.read_bytes()) for path in of_git}
    return {
        path: f"its hash is {found[path]}\n  expected    {wanted}" if path in found else "missing"
        for path, wanted in expected.items()
        if found.get(path) != wanted
    }


def remove(file: Path) -> None:
    """Delete a file, and the target of a link in the hub's cache."""
    for path in (file.resolve(), file):
        path.unlink(missing_ok=True)


def listed(found: Mapping[Path, str]) -> str:
    return "\n".join(f"{path}: {said}" for path, said in found.items())


def _stamp(path: Path) -> list[int]:
    """Size, times of the last change (content, anything) and inode; those of the target for a link."""
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def _hashes(paths: Collection[Path], watch: Watch | None) -> list[str]:
    total, found = sum(path.stat().st_size for path in paths), []
    hidden = watch is not None or total < BAR_BYTES
    with tqdm(total=total, desc="hashing", unit="B", unit_scale=True, disable=hidden, file=sys.stderr) as bar:
        done = 0
        for path in paths:
            digest = hashlib.sha256()
            for chunk in _chunks(path):
                digest.update(chunk)
                done += len(chunk)
                bar.update(len(chunk))
                if watch is not None:
                    watch(done, total)
            found.append(digest.hexdigest())
    return found


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _read(record: Path) -> dict[str, Any]:
    """The record, or nothing if it cannot be read; everything is then hashed again."""
    try:
        found = json.loads(record.read_text("utf-8"))
        return {path: {"stamp": one["stamp"], "sha256": one["sha256"]} for path, one in found.items()}
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return {}
