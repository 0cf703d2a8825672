"""Tier 1: manifest, dvc.lock, params, data, adapters, completions, seeds and rows belong together."""

from collections.abc import Callable, Iterator
from pathlib import Path

from stages.shell.errors import UserError
from thesis.verify.findings import Finding, Tier

ORDER = (
    "pipeline",
    "manifest",
    "signature",
    "git",
    "prepare",
    "collect",
    "train_original",
    "train_augmented",
    "score",
    "generate",
    "evaluate",
    "report",
    "base",
    "versions",
    "orphans",
)
PROVES = (
    "Every file is the one that dvc.lock and the manifest record; none is missing, changed or unlisted.",
    "The params are those that each stage was run with, and each stage read what the stages before wrote.",
    "Each adapter names this data, these params and this base; each completion names its adapter.",
    "No completion, loss or profile is missing or added; seeds and splits follow from the params.",
)
DOES_NOT = (
    "By tier 1 alone: that these numbers, completions and adapters came from this code.",
    "Who made the files, unless a signature was verified with a key that came to you another way.",
)


def tier(key: Path | None = None) -> Tier:
    """The tier.

    Args:
        key: the author's public key.
    """
    return Tier(
        number=1,
        title="Do the files belong together?",
        takes="some seconds",
        proves=PROVES,
        does_not=DOES_NOT,
        check=lambda root: _in_order(root, key),
        only_reads=True,
    )


def _in_order(root: Path, key: Path | None) -> Iterator[Finding]:
    """All findings, stage by stage."""
    found = [*_checked(root, key)]
    yield from sorted(found, key=lambda finding: ORDER.index(finding.stage))


def _checked(root: Path, key: Path | None) -> Iterator[Finding]:
    from stages.common.llm.bases import load_base_entry
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
        versions,
    )
    from thesis.verify.belonging.files import Files
    from thesis.verify.hashing import Hasher
    from thesis.verify.lock import Records
    from thesis.verify.statement import MANIFEST, read_statement

    records, hasher = Records(root), Hasher(root)
    statement = read_statement(root / MANIFEST) if (root / MANIFEST).exists() else None
    name, base = load_base_entry()
    checks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("pipeline", lambda: pipeline.check(records)),
        ("manifest", lambda: listed.check(records, hasher, statement)),
        ("signature", lambda: signature.check(root, statement, key)),
        ("git", lambda: repository.check(root)),
        ("pipeline", Files(records, hasher, statement).check),
        ("pipeline", lambda: params.check(records)),
        ("train_original", lambda: adapters.check(name, base)),
        ("prepare", lambda: rows.check(name)),
        ("generate", lambda: draws.check(name)),
        ("base", lambda: adapters.check_base(base, name)),
        ("versions", lambda: versions.check(root)),
        ("orphans", lambda: alive.check(root)),
    ]
    for topic, check in checks:
        yield from _or_why_not(topic, check)


def _or_why_not(topic: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of a check, or why it stopped: a file that cannot be read stops no other check."""
    try:
        yield from check()
    except UserError as error:
        yield Finding(topic, "can be read", "yes", str(error), False)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        yield Finding(
            topic, "has the form that the code writes", "yes", f"{type(error).__name__}: {error}", False
        )
