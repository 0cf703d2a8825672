"""Rows from pasted answers: the draws of every arm, and answers to no asked prompt."""

from collections import Counter
from collections.abc import Sequence, Set
from pathlib import Path
from typing import cast

from stages.collect.answers import EXTERNAL
from stages.collect.layout import Expected, Walk
from stages.collect.reading import ReadAnswer, read_answer
from stages.collect.splitting import Answer, split
from stages.common.pasted import Pasted, arm_of
from stages.common.prompts import PROMPTS
from stages.common.records import ArmCondition, Rejected
from stages.shell.errors import UserError, mistakes


def read_answers(root: Path, expected: Expected) -> list[ReadAnswer]:
    """All answers, by source, condition, prompt and number.

    Raises:
        UserError: names everything that is in the wrong place or cannot be read.
    """
    found, wrong = look_through(root, expected)
    if wrong:
        head = f"{root}: {len(wrong)} mistake{'s' * (len(wrong) > 1)}"
        remedy = f"A pasted answer is <source>/<condition>/<prompt id>/01.md; {root}/README.md has an example"
        raise mistakes(head, wrong, remedy)
    return found


def look_through(root: Path, expected: Expected) -> tuple[list[ReadAnswer], list[str]]:
    """Answers that can be read, and sorted messages about all else."""
    walk = Walk(root, expected)
    found, wrong = [], list(walk.mistakes)
    for file in walk.answers:
        try:
            found.append(read_answer(file))
        except UserError as error:
            wrong.append(str(error))
    return found, sorted(wrong)


def rows_of(
    answers: Sequence[ReadAnswer], prompts: Sequence[str], keys: Set[str]
) -> tuple[list[Pasted], list[Rejected]]:
    """The draws, numbered from 1 within arm and prompt, and what is rejected.

    Args:
        prompts: ids of the asked prompts.
        keys: the top-level keys of the schema, in lower case.
    """
    draws: Counter[tuple[str, str]] = Counter()
    pasted, rejected = [], []
    for answer in answers:
        file = answer.file
        if file.prompt_id not in prompts:
            rejected.append(_rejected(answer))
            continue
        found = _split(answer, keys)
        cell = arm_of(file.source, file.condition, answer.provenance), file.prompt_id
        for piece in found.pieces:
            draws[cell] += 1
            pasted.append(
                Pasted(
                    source=file.source,
                    condition=cast(ArmCondition, file.condition),
                    prompt_id=file.prompt_id,
                    draw=draws[cell],
                    text=piece.text,
                    conversation=answer.provenance.conversation or file.path.as_posix(),
                    ended=piece.ended,
                    around=found.around,
                    file=file.path.as_posix(),
                    provenance=answer.provenance,
                )
            )
    return pasted, rejected


def _split(answer: ReadAnswer, keys: Set[str]) -> Answer:
    try:
        return split(answer.text, keys)
    except UserError as error:
        raise UserError(f"{answer.file.path}: {error}") from None


def _rejected(answer: ReadAnswer) -> Rejected:
    reason = (
        f"its prompt is not asked: add the prompt to {PROMPTS}, under asked:, and move the answer into the "
        f"folder of the new prompt's id ({EXTERNAL}/{answer.file.source}/{answer.file.condition}/<id>)"
    )
    found = {"prompt": answer.provenance.prompt, "text": answer.text}
    return Rejected(file=answer.file.path.as_posix(), record=1, reason=reason, found=found)
