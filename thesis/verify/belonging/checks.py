"""All checks of tier 1, stage by stage; what stops one of them becomes a finding, and the others go on."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TypeAlias

from stages.common.llm.bases import Base, load_base_entry
from stages.common.records import CONDITIONS, Condition
from stages.shell.errors import UserError
from thesis.verify import signature
from thesis.verify.belonging import (
    adapters,
    alive,
    draws,
    listed,
    metrics,
    params,
    pipeline,
    repository,
    rows,
    store,
    versions,
)
from thesis.verify.belonging.files import Files
from thesis.verify.findings import DAMAGE, Finding, why
from thesis.verify.hashing import Hasher
from thesis.verify.lock import Records
from thesis.verify.statement import MANIFEST, read_statement

Check: TypeAlias = Callable[[], Iterator[Finding]]
TRAINING: Mapping[str, Condition] = {f"train_{condition}": condition for condition in CONDITIONS}
ORDER = ("prepare", "collect", *TRAINING, "score", "generate", "evaluate", "report")
"""Stages as they are printed; others that dvc.lock knows come after them."""


def findings(root: Path, key: Path | None) -> Iterator[Finding]:
    """Everything that tier 1 finds, each as soon as it is known.

    Args:
        key: the author's public key.
    """
    records = Records(root)
    yield from _or_why_not("pipeline", lambda: pipeline.check(records))
    try:
        statement = read_statement(root / MANIFEST) if (root / MANIFEST).exists() else None
    except UserError as error:
        statement = None
        yield Finding("manifest", "its form", "OpenSSF Model Signing v1.0", str(error), False)
    files = Files(records, Hasher(root), statement)
    base = cache(load_base_entry)
    for topic, check in (*_of_release(files, key), *_of_stages(files, base)):
        yield from _or_why_not(topic, check)
    yield from _or_why_not("base", lambda: adapters.check_base(*base()))
    yield from _or_why_not("versions", lambda: versions.check(root))
    yield from _or_why_not("orphans", lambda: alive.check(root))


def _of_release(files: Files, key: Path | None) -> Iterator[tuple[str, Check]]:
    """What a release adds to a run."""
    root, statement = files.hasher.root, files.statement
    yield "manifest", lambda: listed.check(files.records, files.hasher, statement)
    yield "store", lambda: store.check(files.records)
    yield "signature", lambda: signature.check(root, statement, key)
    yield "git", lambda: repository.check(root)


def _of_stages(files: Files, base: Callable[[], tuple[str, Base]]) -> Iterator[tuple[str, Check]]:
    """Records, files, params and content of every stage, from the raw data to the report."""
    content: Mapping[str, Check] = {
        "prepare": rows.prepared,
        "score": lambda: rows.scored(base()[0]),
        "generate": lambda: draws.check(base()[0]),
        "evaluate": rows.evaluated,
        **{name: partial(_of_adapter, condition, base) for name, condition in TRAINING.items()},
    }
    try:
        locked = files.records.locked
    except UserError:  # told under pipeline
        locked = {}
    for name in dict.fromkeys([*ORDER, *locked]):
        if name in locked:
            yield name, partial(pipeline.of_stage, files.records, name)
            yield name, partial(files.of_stage, name)
            yield name, partial(params.of_stage, files.records, name)
            yield name, partial(metrics.of_stage, files.records, name)
        if name in content:
            yield name, content[name]


def _of_adapter(condition: Condition, base: Callable[[], tuple[str, Base]]) -> Iterator[Finding]:
    yield from adapters.check(condition, *base())


def _or_why_not(topic: str, check: Check) -> Iterator[Finding]:
    """The findings of a check, or why it stopped."""
    try:
        yield from check()
    except (UserError, *DAMAGE) as error:
        yield Finding(topic, "files of the form that the code writes", "readable", why(error), False)
