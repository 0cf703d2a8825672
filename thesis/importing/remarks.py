"""What to look at before answers are written: what may spoil a draw, and stands in the export."""

from collections import Counter
from collections.abc import Sequence

from stages.common.phrases import many
from stages.common.records import ArmCondition
from thesis.importing.attached import names_file
from thesis.importing.findings import Answer


def remarks(answers: Sequence[Answer]) -> list[str]:
    """Each with the number of answers that it is true of."""
    late = sum(not one.turn.first for one in answers)
    no_file = sum(not names_file(one.turn.attached, one.match.expected.condition) for one in answers)
    other_files = sum(_has_other_files(one.turn.attached, one.match.expected.condition) for one in answers)
    undated = sum(one.turn.date is None for one in answers)
    spoiled = Counter(str(remark) for one in answers for remark in one.turn.remarks)
    said = [
        (late, "not the first message of its conversation: it may have followed what came before"),
        (no_file, "the export names no attached file: was it attached?"),
        (other_files, "a file was attached that is none of the study"),
        (undated, "no date could be read"),
        *((n, remark) for remark, n in spoiled.items()),
        *_followed(answers),
    ]
    return [f"{n}: {what}" for n, what in said if n]


def _has_other_files(attached: Sequence[str], condition: ArmCondition) -> bool:
    """Whether a file was attached beside the condition's; a long prompt that became one is none."""
    names = [name for name in attached if not name.lower().startswith("paste")]
    if condition == "none":
        return bool(names)
    return not all(names_file([name], condition) for name in names)


def _followed(answers: Sequence[Answer]) -> list[tuple[int, str]]:
    followed = [one.n_later for one in answers if one.n_later]
    verb = "follows" if sum(followed) == 1 else "follow"
    later = f"{many(sum(followed), 'more answer')} with a profile {verb} it, to other messages: not taken"
    return [(len(followed), later)]
