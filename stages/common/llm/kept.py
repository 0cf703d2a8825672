"""Batches of rows that a killed stage keeps, so that the next run computes the others alone.

A batch is what is computed together, since some devices' numbers depend on it. So a batch is kept as a
whole, and the next run has the same ones.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

import torch
from pydantic import ValidationError

from stages.common.files import read_json, write_json
from stages.common.llm.bases import Base, identity
from stages.common.llm.ranks import from_first, own, together
from stages.common.params import Params
from stages.common.records import Record
from stages.shell.errors import UserError

R = TypeVar("R", bound=Record)
Known: TypeAlias = Mapping[str, Any]
"""What is known of a row before it is computed, by the names of its fields."""


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
        write_json(self._file(number), {"sha256": self._seal(number, content), "rows": content})

    def read(self, number: int, known: Sequence[Known]) -> list[R] | None:
        """The rows of a batch; None if it is not there, or is not this batch, which is said on stderr."""
        file = self._file(number)
        if not file.exists():
            return None
        try:
            kept = read_json(file)
            rows = [self.model.model_validate(row) for row in kept["rows"]]
            if kept["sha256"] == self._seal(number, kept["rows"]) and _fit(rows, known):
                return rows
        except (OSError, UserError, KeyError, TypeError, ValidationError):
            pass
        print(f"{file}: damaged, or another batch; this one is computed again", file=sys.stderr)
        return None

    def _file(self, number: int) -> Path:
        return self.folder / f"{number:06}.json"

    def _seal(self, number: int, content: Any) -> str:
        """The hash of a batch in its place: another run's, or another number's, has another one."""
        return hashlib.sha256(json.dumps([self.folder.name, number, content]).encode()).hexdigest()


def all_batches(
    kept: Kept[R], known: Sequence[Sequence[Known]], compute: Callable[[Sequence[int]], Iterator[list[R]]]
) -> list[list[R]]:
    """The rows of all batches, in every process: kept ones are read, the others computed and kept.

    Args:
        known: of each row of each batch; kept rows must agree with it.
        compute: yields the rows of each of some batches, by their numbers; several processes share these.
    """
    done = from_first(lambda: _read_all(kept, known))
    mine = own([number for number in range(len(known)) if number not in done])
    found: dict[int, list[R]] = {}
    for number, rows in zip(mine, compute(mine), strict=True):
        kept.write(number, rows)
        found[number] = rows
    done |= together(found)
    return [done[number] for number in range(len(known))]


def computed_with(name: str, base: Base, params: Params, device: torch.device) -> dict[str, Any]:
    """What rows depend on beside deps and versions: base, params, device, and threads, which share sums."""
    return {
        "base": {"name": name, **base.settings(), "identity": identity(base)},
        "params": params.model_dump(),
        "device": device.type,
        "threads": torch.get_num_threads(),
    }


def _read_all(kept: Kept[R], known: Sequence[Sequence[Known]]) -> dict[int, list[R]]:
    read = {number: kept.read(number, of_batch) for number, of_batch in enumerate(known)}
    done = {number: rows for number, rows in read.items() if rows is not None}
    if done:
        print(f"The stage continues: {len(done)} of {len(known)} batches are done", file=sys.stderr)
    return done


def _fit(rows: Sequence[Record], known: Sequence[Known]) -> bool:
    """Whether these are the rows of which this is known."""
    return len(rows) == len(known) and all(
        getattr(row, name) == value
        for row, facts in zip(rows, known, strict=True)
        for name, value in facts.items()
    )
