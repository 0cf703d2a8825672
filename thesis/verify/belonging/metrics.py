"""Metrics as nested finite numbers: DVC drops lists in silence, and sees NaN as changed."""

from collections.abc import Iterator
from pathlib import PurePath

from stages.common.files import read_json
from stages.common.shown import listed
from thesis.verify.findings import Finding
from thesis.verify.lock import Records
from thesis.verify.numbers import no_numbers


def of_stage(records: Records, name: str) -> Iterator[Finding]:
    """The JSON outputs of a stage, which are metrics."""
    there = [path for path in records.locked[name].outs if PurePath(path).suffix == ".json"]
    there = [path for path in there if (records.root / path).exists()]
    wrong = [f"{path}: {line}" for path in there for line in no_numbers(read_json(records.root / path))]
    if there:
        told = f"{len(there)} of finite numbers"
        yield Finding(name, "metrics", told, listed(wrong) or told, not wrong)
