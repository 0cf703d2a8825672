"""The verdict on a completion: one vocabulary for the report, the tables, the terminal and the page."""

from typing import Literal, TypeAlias, get_args

from stages.common.evaluated import EvaluatedProfile

Verdict: TypeAlias = Literal["fits", "fits, with extra text", "repaired", "does not fit", "refused", "empty"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
VERDICT_WORDS: dict[Verdict, str] = {
    "fits": "one JSON object that fits the schema, and nothing else",
    "fits, with extra text": "an object that fits the schema, with words or further objects around it",
    "repaired": "the JSON had to be repaired; the object then fits the schema",
    "does not fit": "no JSON object could be read, or the object does not fit the schema",
    "refused": "the words of a refusal instead of an object",
    "empty": "nothing was written",
}
VALID = VERDICTS[:3]
"""Verdicts on a profile that fits the schema."""
AROUND = "text around the object"
FIRST_TAKEN = "objects; the first readable one is taken"


def verdict_of(read: EvaluatedProfile) -> Verdict:
    """The verdict on a completion that was read."""
    if read.status in ("refused", "empty"):
        return read.status
    if not read.valid:
        return "does not fit"
    if read.status == "strict":
        return "fits"
    is_extra = all(note == AROUND or note.endswith(FIRST_TAKEN) for note in read.notes)
    return "fits, with extra text" if is_extra else "repaired"
