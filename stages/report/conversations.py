"""Name the arms that have several draws of one conversation, in captions and sentences."""

from stages.common.phrases import many
from stages.common.tables.format import ValidityRow
from stages.report.inputs import Inputs


def hanging(inputs: Inputs, prompt: str) -> list[ValidityRow]:
    """The arms whose draws under a prompt are not independent."""
    rows = {row.arm: row for row in inputs.tables[ValidityRow] if row.prompt == prompt}
    return [rows[arm] for arm in inputs.arms if arm in rows and rows[arm].n_conversations < rows[arm].n]


def of_conversations(row: ValidityRow) -> str:
    """Draws and conversations in words, such as: 10 draws of 1 conversation."""
    return f"{many(row.n, 'draw')} of {many(row.n_conversations, 'conversation')}"


def caption(inputs: Inputs, prompts: list[str]) -> str:
    """What a caption says about these arms; "" if there are none."""
    told = list(
        dict.fromkeys(
            f"{inputs.name(row.arm)} {of_conversations(row)}"
            for one in prompts
            for row in hanging(inputs, one)
        )
    )
    if not told:
        return ""
    arms = "; ".join(told)
    return f" Not independent, so without [null bands](conversations), with wide intervals or none: {arms}."
