"""What a tier of `thesis verify` is, and what it finds.

A tier's module exports one `Tier`, or a function of the command's options that returns one. It imports
heavy packages inside `check` only, so that the command's help and the light tiers load none of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stages.shell.errors import UserError

NOT_TRAINED = "That the adapters were trained on these people (tier 5 trains them again)."
"""What no tier but the last shows."""
DAMAGE = (OSError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RuntimeError)
"""What code raises on artifacts of another form: another type, a missing key, too deep, too long."""
MADE_AGAIN = "\nMake the file again: dvc repro"
"""How the pipeline's message about a row of another form ends."""


@dataclass(frozen=True)
class Finding:
    """One comparison: a line of the output."""

    stage: str
    """The stage of the pipeline that it belongs to, or another heading: files, code, signature."""
    what: str
    expected: str
    got: str
    is_same: bool | None
    """None: not checked; `got` says why."""
    is_note: bool = False
    """A difference, or a gap, that the verdict does not depend on: another version of a package."""
    seen: Mapping[str, float] = field(default_factory=dict)
    """Measured numbers for the receipt: {"largest_difference": 1e-7, "tolerance": 1e-5}."""

    @property
    def is_wrong(self) -> bool:
        """Whether the verdict fails by it."""
        return self.is_same is False and not self.is_note

    @property
    def is_open(self) -> bool:
        """Whether something that the verdict depends on was not checked."""
        return self.is_same is None and not self.is_note


@dataclass(frozen=True)
class Tier:
    """A set of checks, with what they show and how long they take."""

    number: int
    title: str
    takes: str
    """Duration, printed before it starts: "about 5 minutes"."""
    proves: Sequence[str]
    """What holds if every finding is the same: whole sentences."""
    does_not: Sequence[str]
    """What even then remains open: whole sentences."""
    check: Callable[[Path], Iterator[Finding]]
    """Yields each finding as soon as it is known.

    The path is the root of a scratch clone: code, data and all artifacts that are there, without .git and
    .dvc. The check may write into it and run commands in it. For a tier that only reads, it is the project
    itself, possibly on read-only media. It is the current folder too. A UserError ends the tier: it could
    not be checked.
    """
    only_reads: bool = False
    """Whether the tier runs on the project itself, without a scratch clone."""


def why(error: Exception) -> str:
    """What stopped a check, for people; without the advice to make again, and so replace, what is checked."""
    if isinstance(error, UserError):
        return str(error).removesuffix(MADE_AGAIN)
    return (
        f"{type(error).__name__}: {error}. A file that it reads is damaged, or this is a bug of thesis "
        "verify: if no other line names a file, report it"
    )


def unchecked(stage: str, what: str, reason: str, *, expected: str = "", is_note: bool = False) -> Finding:
    """A finding about something that could not be compared."""
    return Finding(stage, what, expected, reason, None, is_note)


def compared(stage: str, what: str, expected: object, got: object) -> Finding:
    """A finding about two values that must be equal.

    >>> compared("generate", "rows", 150, 149).is_wrong
    True
    """
    return Finding(stage, what, str(expected), str(got), expected == got)
