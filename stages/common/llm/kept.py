"""Batches of rows that a killed stage keeps, so that the next run computes the others alone.

A batch is what is computed together, since some devices' numbers depend on it. So a batch is kept as a
whole, and the next run has the same ones.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from pydantic import ValidationError

from stages.common.files import read_json, write_json
from stages.common.llm.bases import Base, identity
from stages.common.llm.ranks import from_first, own, together
from stages.common.params import Params
from stages.common.records import Record
from stages.shell.errors import UserError

R = TypeVar("R", bound=Record)


class Kept(Generic[R]):
    """The batches in a folder, one file each, by number."""

    def __init__(self, folder: Path, model: type[R]) -> None:
        """
        Args:
            folder: of one stage on the same inputs, see `continued`.
            model: of the rows.
        """
        self.folder, self.model = folder, model

    def write(self, number: int, rows: Sequence[R]) -> None:
        """Keep a batch: whole, or not at all."""
        content = [row.model_dump() for row in rows]
        write_json(self._file(number), {"sha256": _sha256(content), "rows": content})

    def read(self, number: int) -> list[R] | None:
        """The rows of a batch; None if it is not there, or damaged, which is said on stderr."""
        file = self._file(number)
        if not file.exists():
            return None
        try:
            kept = read_json(file)
            if kept["sha256"] == _sha256(kept["rows"]):
                return [self.model.model_validate(row) for row in kept["rows"]]
        except (UserError, KeyError, TypeError, ValidationError):
            pass
        print(f"{file}: damaged; this batch is computed again", file=sys.stderr)
        return None

    def _file(self, number: int) -> Path:
        return self.folder / f"{number:06}.json"


def all_batches(
    kept: Kept[R], n_batches: int, compute: Callable[[Sequence[int]], Iterator[list[R]]]
) -> list[list[R]]:
    """The rows of all batches, in every process: kept ones are read, the others computed and kept.

    Args:
        compute: yields the rows of each of some batches, by their numbers; several processes share these.
    """
    done = from_first(lambda: _read_all(kept, n_batches))
    mine = own([number for number in range(n_batches) if number not in done])
    found: dict[int, list[R]] = {}
    for number, rows in zip(mine, compute(mine), strict=True):
        kept.write(number, rows)
        found[number] = rows
    done |= together(found)
    return [done[number] for number in range(n_batches)]


def computed_with(name: str, base: Base, params: Params, device: torch.device) -> dict[str, Any]:
    """What rows depend on beside deps and versions: base, params, device, and threads, which share sums."""
    return {
        "base": {"name": name, **base.settings(), "identity": identity(base)},
        "params": params.model_dump(),
        "device": device.type,
        "threads": torch.get_num_threads(),
    }


def _read_all(kept: Kept[R], n_batches: int) -> dict[int, list[R]]:
    read = {number: kept.read(number) for number in range(n_batches)}
    done = {number: rows for number, rows in read.items() if rows is not None}
    if done:
        print(f"The stage continues: {len(done)} of {n_batches} batches are done", file=sys.stderr)
    return done


def _sha256(content: Any) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
