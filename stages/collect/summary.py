"""Table of the collected answers for the terminal."""

from collections.abc import Sequence, Set

from rich.table import Column, Table
from rich.text import Text

from stages.collect.objects import keys_in, objects
from stages.collect.splitting import content
from stages.common.look import CHATS, arm_name
from stages.common.pasted import Pasted
from stages.common.records import Rejected
from stages.common.shown import on_one_line

NO_BASE = ""
"""Names of arms that were asked by hand then say their base. Else a new base would run this stage again."""


def summary(rows: Sequence[Pasted]) -> Table:
    """Answers, draws and conversations of every arm under every prompt."""
    table = Table("arm", Column("prompt", overflow="fold"))
    for column in ("answers", "draws", "conversations"):
        table.add_column(column, justify="right")
    for arm, prompt in dict.fromkeys((row.arm, row.prompt_id) for row in rows):
        among = [row for row in rows if (row.arm, row.prompt_id) == (arm, prompt)]
        answers, conversations = {row.file for row in among}, {row.conversation for row in among}
        table.add_row(
            Text(on_one_line(arm_name(arm, NO_BASE))),
            Text(on_one_line(prompt)),
            *(str(len(one)) for one in (answers, among, conversations)),
        )
    return table


def remarks(
    rows: Sequence[Pasted], rejected: Sequence[Rejected], sources: Sequence[str], keys: Set[str]
) -> list[str]:
    """Remarks below the table: missing sources, interfaces, answers to look at, rejected answers.

    Args:
        keys: the top-level keys of the schema, in lower case.
    """
    there = {row.source for row in rows}
    missing = [CHATS.get(source, source) for source in sources if source not in there]
    n_cut = sum(row.ended == "cut" for row in rows)
    said = [f"No answers from: {', '.join(missing)} (thesis prompts shows what to paste)."] if missing else []
    said += _interfaces(rows)
    said += [f"{n_cut} draw{'s' * (n_cut > 1)} cut off within an object."] if n_cut else []
    has_object = [next(objects(row.text, keys), None) is not None for row in rows]
    foreign = [
        row.file for row, one in zip(rows, has_object, strict=True) if one and not keys_in(row.text) & keys
    ]
    said += [
        f"No JSON object in {row.file} ({'refused, or does not fit' if row.text.strip() else 'empty'}): "
        "is that the whole answer?"
        for row, one in zip(rows, has_object, strict=True)
        if not one
    ]
    said += [
        f"No field of the schema in an object of {file}: is it a profile?" for file in dict.fromkeys(foreign)
    ]
    said += [
        f"The same content pasted and imported: {one} and {other}; if it is one answer, delete one of them."
        for one, other in _twice(rows)
    ]
    return said + [f"Left out: {row.file}: {row.reason}" for row in rejected]


def _interfaces(rows: Sequence[Pasted]) -> list[str]:
    """Interfaces of the arms that were not asked on a web page."""
    asked = {row.arm: row.provenance.interface for row in rows if row.arm != f"{row.source}/{row.condition}"}
    by_interface: dict[str, list[str]] = {}
    for arm, interface in asked.items():
        by_interface.setdefault("".join(c for c in interface or "" if c.isprintable()), []).append(
            arm_name(arm, NO_BASE)
        )
    return [
        f"Not from a web page (interface: {how}): {', '.join(arms)}." for how, arms in by_interface.items()
    ]


def _twice(rows: Sequence[Pasted]) -> list[tuple[str, str]]:
    """Files of one arm and prompt with the same content, one pasted by hand and one imported."""
    files: dict[tuple[str, str, str], list[str]] = {}
    imported = {row.file: row.provenance.export_sha256 is not None for row in rows}
    for row in rows:
        files.setdefault((row.arm, row.prompt_id, row.file), []).append(row.text)
    by_content: dict[tuple[object, ...], dict[bool, list[str]]] = {}
    for (arm, prompt, file), texts in files.items():
        kinds = by_content.setdefault((arm, prompt, content("\n".join(texts))), {True: [], False: []})
        kinds[imported[file]].append(file)
    return [pair for kinds in by_content.values() for pair in zip(kinds[False], kinds[True], strict=False)]
