"""What was collected, as a table for the terminal."""

from collections.abc import Sequence

from rich.table import Table

from stages.common.pasted import Pasted
from stages.common.records import Rejected


def summary(rows: Sequence[Pasted]) -> Table:
    """Answers, draws and conversations of every arm under every prompt."""
    table = Table("arm", "prompt")
    for column in ("answers", "draws", "conversations"):
        table.add_column(column, justify="right")
    for arm, prompt in dict.fromkeys((row.arm, row.prompt_id) for row in rows):
        among = [row for row in rows if (row.arm, row.prompt_id) == (arm, prompt)]
        answers, conversations = {row.file for row in among}, {row.conversation for row in among}
        table.add_row(arm, prompt, *(str(len(one)) for one in (answers, among, conversations)))
    return table


def remarks(rows: Sequence[Pasted], rejected: Sequence[Rejected], sources: Sequence[str]) -> list[str]:
    """What the table does not say: sources without an answer, cut answers, what was left out and why."""
    there = {row.source for row in rows}
    missing = [source for source in sources if source not in there]
    n_cut = sum(row.ended == "cut" for row in rows)
    said = [f"No answers of: {', '.join(missing)} (thesis prompts shows what to paste)."] if missing else []
    said += [f"{n_cut} draw{'s' * (n_cut > 1)} cut off within an object."] if n_cut else []
    return said + [f"Left out: {row.file}: {row.reason}" for row in rejected]
