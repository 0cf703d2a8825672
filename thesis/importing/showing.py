"""The results as a table with remarks, and as JSON."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from stages.common.look import CHATS, arm_name, data_name
from stages.common.phrases import many
from stages.common.records import ArmCondition
from stages.common.shown import json_shown, visible
from thesis.importing.attached import names_file
from thesis.importing.recognizing import NEAR, Expected, Match
from thesis.importing.results import Answer, Results

MAX_NEAR, MAX_WORDS = 10, 12
"""Near prompts that are listed, and words of each."""


@dataclass(frozen=True)
class Row:
    """A row of the table: the answers to a prompt in a condition."""

    prompt_id: str
    condition: ArmCondition
    exact: int
    near: list[float]
    """Scores."""
    known: int
    new: int


def show(found: Results, expected: Sequence[Expected], source: str, exact_only: bool) -> None:
    """Print the table and the remarks: they hold only typed prompts and model labels of the export."""
    console = Console(markup=False, highlight=False, emoji=False)
    console.print(_table(_rows(found, expected, exact_only), source))
    for line in _lines(found, exact_only):
        console.print(Text(visible(line)))


def as_json(
    found: Results,
    expected: Sequence[Expected],
    exact_only: bool,
    export_sha256: str,
    written: Sequence[Path],
) -> str:
    """The results for a script."""
    new = found.new(exact_only)
    value = {
        "export_sha256": export_sha256,
        "found": [vars(row) for row in _rows(found, expected, exact_only)],
        "models": _models(new),
        "left": found.left,
        "remarks": _remarks(new),
        "unknown": found.unknown,
        "other_messages": found.n_messages - len(found.answers),
        "conversations": len(found.conversations),
        "written": [path.as_posix() for path in written],
    }
    return json_shown(value)


def not_taken(found: Results) -> list[str]:
    """Lines on what stays in the export, by reason, and on unknown kinds of messages."""
    unknown = [f"Not known, {n}: {kind}" for kind, n in found.unknown.most_common()]
    return [*(f"Not taken, {n}: {reason}" for reason, n in found.left.items()), *unknown]


def _rows(found: Results, expected: Sequence[Expected], exact_only: bool) -> list[Row]:
    """One row per prompt and condition, in the order of data/prompts.yaml."""
    new = Counter(
        (one.match.expected.prompt_id, one.match.expected.condition) for one in found.new(exact_only)
    )
    rows = []
    for one in expected:
        here = [answer for answer in found.answers if answer.match.expected == one]
        near = sorted(answer.match.score for answer in here if not answer.match.exact)
        n_known, n_new = sum(answer.known for answer in here), new[one.prompt_id, one.condition]
        rows.append(Row(one.prompt_id, one.condition, len(here) - len(near), near, n_known, n_new))
    return rows


def _table(rows: Sequence[Row], source: str) -> Table:
    title = f"Answers of {CHATS[source]} in the export"
    table = Table(
        "arm",
        Column("prompt", overflow="fold"),
        title=title,
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    for name in ("exact", "near", "scores", "known", "new"):
        table.add_column(name, justify="right")
    for row in rows:
        scores = "–".join(dict.fromkeys(f"{score:.1f}" for score in row.near[:1] + row.near[-1:]))
        counts = (str(n) if n else "·" for n in (row.exact, len(row.near)))
        arm = arm_name(f"{source}/{row.condition}", base="")
        table.add_row(arm, row.prompt_id, *counts, scores, str(row.known), str(row.new))
    return table


def _lines(found: Results, exact_only: bool) -> list[str]:
    new = found.new(exact_only)
    lines = [f"Model labels: {label} ({n})" for label, n in _models(new).most_common()]
    near = [one.match for one in found.answers if not one.match.exact]
    if near:
        lines.append(
            f"Near: typed with changes (score of 100, at least {NEAR:.0f}). Expected (-) and typed (+):"
        )
        lines += [f"  {_near(one)}" for one in near[:MAX_NEAR]]
        lines += [f"  … and {len(near) - MAX_NEAR} more"] * (len(near) > MAX_NEAR)
    lines += [f"Look at {remark}" for remark in _remarks(new)]
    lines += not_taken(found)
    if not found.answers and found.n_prompts:
        n = many(found.n_prompts, "prompt")
        lines.append(f"{n} of data/prompts.yaml found, but no answer that can be taken: see above.")
    elif not found.answers:
        lines.append("No prompt of data/prompts.yaml is in it. Were the texts of `thesis prompts` pasted?")
    n_other, n_all = found.n_messages - len(found.answers), len(found.conversations)
    there = f"{many(n_other, 'message')} of yours, {many(n_all, 'conversation')} in all"
    return [*lines, f"Nothing else leaves the export: {there}."]


def _near(match: Match) -> str:
    """The score of a near prompt, and the words in which it differs, as "-expected +typed"."""
    expected, typed = match.expected.text.split(), match.typed.split()
    words: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, expected, typed, autojunk=False).get_opcodes():
        if kind != "equal":
            words += [f"-{word}" for word in expected[a:b]] + [f"+{word}" for word in typed[c:d]]
    data = data_name(match.expected.condition)
    shown = " ".join(words[:MAX_WORDS]) + (" …" if len(words) > MAX_WORDS else "")
    return f"{match.score:.1f} {match.expected.prompt_id}, {data}: {_printable(shown)}"


def _models(answers: Sequence[Answer]) -> Counter[str]:
    return Counter(_printable(one.turn.model or "not shown")[:100] for one in answers)


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _remarks(answers: Sequence[Answer]) -> list[str]:
    """Lines on what may spoil draws, each with its number of answers."""
    named = [(one.turn.attached, one.match.expected.condition) for one in answers]
    later = [one.n_later for one in answers if one.n_later]
    verb = "follows" if sum(later) == 1 else "follow"
    said = [
        (
            sum(not one.turn.first for one in answers),
            "not the first message of its conversation: it may have followed what came before",
        ),
        (
            sum(not names_file(*one) for one in named),
            "the export names no attached file: was it attached?",
        ),
        (sum(_has_other_files(*one) for one in named), "a file was attached that is not one of the study"),
        (sum(one.turn.date is None for one in answers), "no date could be read"),
        *((n, str(remark)) for remark, n in Counter(r for one in answers for r in one.turn.remarks).items()),
        (
            len(later),
            f"{many(sum(later), 'more answer')} with a profile {verb} it, to other messages: not taken",
        ),
    ]
    return [f"{n}: {what}" for n, what in said if n]


def _has_other_files(attached: Sequence[str], condition: ArmCondition) -> bool:
    """Whether a file was attached beside the condition's; a long prompt that became a file does not count."""
    names = [name for name in attached if not name.lower().startswith("paste")]
    return bool(names) if condition == "none" else not all(names_file([name], condition) for name in names)
