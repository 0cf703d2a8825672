"""Rows for fine-tuning (instruction and output, messages of a chat), and the profiles in them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from stages.common.fields import canonical
from stages.common.strict_json import decode
from stages.shell.errors import mistakes

FORMS = (
    ({"instruction", "output"}, {"input", "system", "history", "text"}),
    ({"prompt", "completion"}, {"system"}),
    ({"prompt", "response"}, {"system"}),
    ({"messages"}, {"system", "source", "tools"}),
    ({"conversations"}, {"system", "source", "tools"}),
)
"""Keys that such rows have, and keys that they may have besides; each may have an id."""
ANSWERS = ("output", "completion", "response")
CHATS = ("messages", "conversations")
ANSWERERS = {"assistant", "gpt", "model"}


def profiles_within(records: Sequence[Any]) -> list[Any] | None:
    """The profiles that instruction rows ask for; None if the records are none.

    Raises:
        UserError: if an answer is not one object, or the rows ask different things, which would be lost.

    >>> profiles_within([{"prompt": "Describe.", "completion": '{"age": 30}'}])
    [{'age': 30}]
    """
    if not records or not all(_is_row(record) for record in records):
        return None
    pairs = [_pair(record) for record in records]
    found: list[Any] = []
    wrong = []
    for position, (record, (_, answer)) in enumerate(zip(records, pairs, strict=True), start=1):
        try:
            found.append(_profile(record, answer))
        except ValueError as error:
            wrong.append(f"record {position}: the answer is no profile: {error}")
    if not wrong and len({asked for asked, _ in pairs}) > 1:
        wrong = ["the rows ask different things, and what they say would be lost"]
    if wrong:
        keys = ", ".join(records[0])
        raise mistakes(
            f"these are instruction rows ({keys}), not profiles", wrong, "Give the profiles: one object each"
        )
    return found


def _is_row(record: Any) -> bool:
    keys = {*record} - {"id"} if isinstance(record, dict) else set()
    fits = any(needed <= keys <= needed | optional for needed, optional in FORMS)
    return fits and all(
        isinstance(turns, list) and all(isinstance(turn, dict) and _said(turn) for turn in turns)
        for turns in (record[key] for key in CHATS if key in keys)
    )


def _said(turn: Mapping[str, Any]) -> tuple[Any, Any] | None:
    forms = (("role", "content"), ("from", "value"))
    return next(((turn[who], turn[what]) for who, what in forms if {who, what} <= {*turn}), None)


def _pair(record: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The question as one text, and the answers."""
    rest = {key: value for key, value in record.items() if key not in (*ANSWERS, *CHATS, "id", "text")}
    turns = [said for key in CHATS for turn in record.get(key, []) if (said := _said(turn))]
    rest["turns"] = [turn for turn in turns if turn[0] not in ANSWERERS]
    answers = [record[key] for key in ANSWERS if key in record]
    return canonical(rest), [*answers, *(text for who, text in turns if who in ANSWERERS)]


def _profile(record: Mapping[str, Any], answers: Sequence[Any]) -> Any:
    if len(answers) != 1:
        raise ValueError(f"there are {len(answers)} answers")
    if isinstance(answers[0], dict):
        profile = answers[0]
    elif isinstance(answers[0], str):
        text = answers[0].strip()
        try:
            profile, end = decode(text)
        except json.JSONDecodeError:
            raise ValueError("it is not a JSON object") from None
        if end < len(text):
            raise ValueError("something follows the object")
    else:
        raise ValueError("it is not a text")
    return {"id": record["id"], **profile} if "id" in record and "id" not in profile else profile
