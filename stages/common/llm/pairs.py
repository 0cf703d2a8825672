"""Token ids of a file of examples, or one message with all that do not fit."""

from collections.abc import Sequence
from typing import Any

from stages.common.llm.template import NotKept, TokenPair, TooLong, token_pair
from stages.common.records import Example
from stages.shell.errors import UserError, mistakes
from stages.shell.remedies import REWORD


def token_pairs(
    tokenizer: Any, template: str, examples: Sequence[Example], max_length: int, place: str, shorter: str
) -> list[TokenPair]:
    """Prompt and completion of every example, in order.

    Args:
        place: the file that messages name.
        shorter: what to do about examples of more than `max_length` tokens.

    Raises:
        UserError: names every example that the tokenizer would change, or else every one that is too long.
    """
    pairs, not_kept, too_long = [], [], []
    for line, example in enumerate(examples, start=1):
        try:
            pairs.append(token_pair(tokenizer, template, example.prompt, example.completion, max_length))
        except NotKept as error:
            not_kept.append(f"line {line}, {example.source_id}: {error}")
        except TooLong as error:
            too_long.append(f"line {line}, {example.source_id}: {error}")
    if not_kept:
        raise would_change(place, len(examples), not_kept)
    if too_long:
        raise mistakes(f"{place}: {len(too_long)} of {len(examples)} records are too long", too_long, shorter)
    return pairs


def would_change(place: str, n_records: int, not_kept: Sequence[str]) -> UserError:
    """The error that lists the records of a place that the base's tokenizer would change."""
    head = f"{place}: the base's tokenizer would change {len(not_kept)} of {n_records} records"
    return mistakes(head, not_kept, REWORD)
