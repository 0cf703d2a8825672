"""One draft from two files: try one way after the other to tell who is who."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from stages.common.records import CONDITIONS, Condition
from stages.shell.errors import UserError
from thesis.init.draft import Draft, draft_of
from thesis.init.people.ties import NONE, WEAK, Settled, Tie
from thesis.init.records.reading import Given, Track


@dataclass(frozen=True)
class Choice:
    """An answer to the question who is who."""

    words: str
    settled: Settled


class Doubt(UserError):
    """The files do not tell who is who."""

    def __init__(self, message: str, choices: list[Choice]) -> None:
        self.choices = choices
        super().__init__(message)


def settled_draft(given: Mapping[Condition, Given], track: Track, settled: Settled) -> Draft:
    """The draft, with people told apart by a field, by all unprotected fields, or by their place in the file.

    Raises:
        Doubt: a field has the name of an identifier, but the records that it matches do not agree, and
            nothing else tells who is who.
    """
    draft = draft_of(given, track, settled)
    ties = draft.identity is not None and draft.identity.tie.pairs
    if settled.id is not None or settled.pair_by is not None or ties:
        return draft
    content = draft_of(given, track, replace(settled, id=NONE)) if draft.identity else draft
    if _paired(content) == 1 and _unlike(content) >= 0.5:
        return content
    weak = draft_of(given, track, replace(settled, id=WEAK))
    if weak.identity is not None:
        return weak
    if _paired(content) >= 0.5 and _unlike(content) >= 0.5:
        return content
    if draft.people.refuted:
        raise _doubt(draft.people.refuted, settled)
    return draft


def _paired(draft: Draft) -> float:
    """Share of the people of the smaller file who are in both."""
    people = [{record.source_id for record in draft.checked[c].records} for c in CONDITIONS]
    return len(set.intersection(*people)) / min(map(len, people))


def _unlike(draft: Draft) -> float:
    """Share of records that differ from all earlier ones of their file in an unprotected field."""
    records = [record for c in CONDITIONS for record in draft.checked[c].records]
    return sum(record.nth == 1 for record in records) / len(records)


def _doubt(refuted: Sequence[Tie], settled: Settled) -> Doubt:
    lines = [
        f"{tie.words}: {len(tie.pairs)} augmented records have the {tie.words} of an original one, but agree "
        f"with it in only {100 * tie.agreement.share:.0f} % of their other fields; randomly paired records "
        f"agree in {100 * tie.agreement.by_chance:.0f} %"
        for tie in refuted
    ]
    choices = [
        Choice(f"{t.words} names the person in both files (--id {t.words})", replace(settled, id=t.words))
        for t in refuted
    ]
    choices += [Choice(f"no field names the person (--id {NONE})", replace(settled, id=NONE))]
    flags = "\n".join(f"  {choice.words}" for choice in choices)
    return Doubt(
        "The two files do not tell who is who\n"
        + "".join(f"  {line}\n" for line in lines)
        + f"Say which is true:\n{flags}\n"
        "  a field of the augmented file names the original's id (--pair-by FIELD)",
        choices,
    )
