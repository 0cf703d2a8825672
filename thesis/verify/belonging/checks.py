"""All checks of tier 1; what stops one of them becomes a finding, and the others go on."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias

from stages.common.llm.bases import load_base_entry
from stages.shell.errors import UserError
from thesis.verify import signature
from thesis.verify.belonging import (
    adapters,
    alive,
    draws,
    listed,
    params,
    pipeline,
    repository,
    rows,
    store,
    versions,
)
from thesis.verify.belonging.files import Files
from thesis.verify.findings import Finding
from thesis.verify.hashing import Hasher
from thesis.verify.lock import Records
from thesis.verify.statement import MANIFEST, Statement, read_statement

Check: TypeAlias = Callable[[], Iterator[Finding]]


def findings(root: Path, key: Path | None) -> Iterator[Finding]:
    """Everything that tier 1 finds.

    Args:
        key: the author's public key.
    """
    records, hasher = Records(root), Hasher(root)
    try:
        statement = read_statement(root / MANIFEST) if (root / MANIFEST).exists() else None
    except UserError as error:
        statement = None
        yield Finding("manifest", "its form", "OpenSSF Model Signing v1.0", str(error), False)
    of_release: Mapping[str, Check] = {
        "manifest": lambda: listed.check(records, hasher, statement),
        "store": lambda: store.check(records),
        "signature": lambda: signature.check(root, statement, key),
        "git": lambda: repository.check(root),
        "versions": lambda: versions.check(root),
        "orphans": lambda: alive.check(root),
    }
    for topic, check in of_release.items():
        yield from _or_why_not(topic, check)
    yield from _of_the_pipeline(records, hasher, statement)


def _of_the_pipeline(records: Records, hasher: Hasher, statement: Statement | None) -> Iterator[Finding]:
    """Files, params and rows, from the raw data to the report."""
    entry = cache(load_base_entry)
    yield from _or_why_not("pipeline", lambda: pipeline.check(records))
    yield from _or_why_not("pipeline", Files(records, hasher, statement).check)
    yield from _or_why_not("pipeline", lambda: params.check(records))
    yield from _or_why_not("train_original", lambda: adapters.check(*entry()))
    yield from _or_why_not("prepare", lambda: rows.check(entry()[0]))
    yield from _or_why_not("generate", lambda: draws.check(entry()[0]))
    yield from _or_why_not("base", lambda: adapters.check_base(*entry()))


def _or_why_not(topic: str, check: Check) -> Iterator[Finding]:
    """The findings of a check, or why it stopped."""
    try:
        yield from check()
    except UserError as error:
        yield Finding(topic, "files of the form that the code writes", "readable", str(error), False)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        told = f"{type(error).__name__}: {error}"
        yield Finding(topic, "files of the form that the code writes", "readable", told, False)
