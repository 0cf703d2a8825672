"""What the record of a completion contradicts, before any model reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stages.common.records import Completion
from thesis.verify.findings import Finding
from thesis.verify.replay.receipts import STAGE, Recorded, listed, named

KINDS = {
    "seeds": "seed, derived from arm, prompt and draw",
    "adapters": "adapter that the completion names",
    "texts": "text against the tokens",
    "ends": "an end mark, or max_new_tokens tokens",
    "tokens": "token ids that the base knows",
}
"""Kinds of mistakes, and what is compared."""


@dataclass(frozen=True)
class Expected:
    """What the record of a completion must agree with."""

    record: Recorded
    """With the seed derived again."""
    adapter_sha256: str | None
    """Of the adapter's folder; None for the base alone."""
    text: str
    """Decoded from the token ids."""
    max_new_tokens: int
    n_known: int
    """Number of tokens of the base."""


def mistakes_of(row: Completion, expected: Expected) -> Iterator[tuple[str, str]]:
    """Kind of each mistake, and how it shows."""
    n, most = len(row.token_ids), expected.max_new_tokens
    if row.seed != expected.record.seed:
        yield "seeds", f"{row.arm} {named(row)}: {row.seed}, not {expected.record.seed}"
    if row.adapter_sha256 != expected.adapter_sha256:
        yield "adapters", f"{row.arm} {named(row)}: {row.adapter_sha256}, not {expected.adapter_sha256}"
    if row.text != expected.text:
        yield "texts", f"{row.arm} {named(row)}: not the text of its tokens"
    if n > most or (n == most) != (row.ended == "length"):
        yield "ends", f"{row.arm} {named(row)}: {n} tokens of at most {most}, ended by {row.ended}"
    if wrong := [token for token in row.token_ids if not 0 <= token < expected.n_known]:
        yield "tokens", f"{row.arm} {named(row)}: {wrong[0]} is no token of the base"


def summed(n: int, found: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """One line about each kind of mistake in n records."""
    for kind, what in KINDS.items():
        wrong = [line for of, line in found if of == kind]
        got = f"{n - len(wrong)} of {n}" + (f"; {listed(wrong)}" if wrong else "")
        yield Finding(STAGE, f"each completion: {what}", f"{n} of {n}", got, not wrong)
