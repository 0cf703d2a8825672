"""Pasted answers beside our own completions: what `collect` saw of the whole answer reaches the notes."""

import json
from typing import Any

import pytest

from stages.common.json_objects import UNCLOSED
from stages.common.tables.format import ValidityRow
from stages.common.verdicts import AROUND
from stages.evaluate.reading.profiles import CUT, evaluated
from stages.evaluate.rows import rows_of
from stages.evaluate.study import evaluate
from stages.shell.errors import UserError
from tests.evaluate.fakes import FREE, cat, draws, pasted, schema, study

CAT = json.dumps(cat())


@pytest.mark.parametrize(
    ("text", "changes", "status", "notes"),
    [
        (CAT, {}, "strict", []),
        (CAT, {"around": "Here:"}, "repaired", [AROUND]),
        ('{"coat": "bl', {"ended": "cut"}, "invalid", [UNCLOSED, CUT]),
        ('{"coat": "bl', {"ended": "cut", "around": "Here:"}, "invalid", [UNCLOSED, AROUND, CUT]),
        (f"So: {CAT}", {"around": "Here:"}, "repaired", [AROUND]),
        ("I can't help with that.", {}, "refused", ["refuses: i can't help"]),
        ("", {}, "empty", []),
    ],
)
def test_what_stands_around_an_object_is_a_note(
    text: str, changes: dict[str, Any], status: str, notes: list[str]
) -> None:
    read = evaluated(pasted(text, **changes), schema())
    assert (read.status, read.notes, read.conversation) == (status, notes, "first")


def test_they_are_an_arm_beside_ours() -> None:
    rows = [*draws(cat()), *(pasted(CAT, draw) for draw in (1, 2))]
    found = evaluate(rows, study(FREE))
    conversations = [(row.arm, row.draw, row.conversation) for row in found.profiles]
    assert conversations == [
        ("claude/original", 1, "first"),
        ("claude/original", 2, "first"),
        ("tiny+lora/original", 1, None),
    ]
    n_by_arm = {row.arm: row.n for row in rows_of(ValidityRow, found.rows)}
    assert n_by_arm == {"claude/original": 2, "tiny+lora/original": 1}


def test_a_draw_that_is_there_twice_is_refused() -> None:
    with pytest.raises(UserError, match=r"claude/original, any-cat, draw 1: duplicate"):
        evaluate([pasted(CAT), pasted(CAT)], study(FREE))
    ours = draws(cat(), arm="claude/original")
    with pytest.raises(UserError, match="duplicate"):
        evaluate([*ours, pasted(CAT)], study(FREE))
