"""Make one sheet per text to paste."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ConfigDict, PositiveInt

from stages.collect.answers import folder_of, next_file
from stages.collect.params import CollectParams
from stages.collect.pasting import excerpt_name, text_to_paste
from stages.common.params import Params
from stages.common.prompts import AskedPrompt
from stages.common.records import ArmCondition
from stages.common.schema import ProfileSchema

PRODUCTS = {"chatgpt": "ChatGPT", "claude": "Claude", "gemini": "Gemini"}
"""The sources' own names; another source has the name of its folder."""
_ANY = "<source>"


class DrawParams(Params):
    """The number of times to ask a prompt, from the section `generate`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    draws: PositiveInt


@dataclass(frozen=True)
class Sheet:
    """Everything a person needs to ask one prompt in one condition."""

    prompt_id: str
    condition: ArmCondition
    text: str
    attach: str | None
    """Path of the file to attach; None without a file."""
    save_as: str
    header: str
    draws: int
    n_answers: int
    """Number of saved answers."""


def sheets(
    prompts: Sequence[AskedPrompt],
    conditions: Sequence[ArmCondition],
    source: str | None,
    schema: ProfileSchema,
    params: CollectParams,
    draws: int,
    attached: Path,
) -> list[Sheet]:
    """One sheet per prompt and condition.

    Args:
        attached: folder of the files to attach.
    """
    return [
        Sheet(
            prompt_id=prompt.id,
            condition=condition,
            text=text_to_paste(prompt, condition, schema, params.excerpt_records),
            attach=(attached / name).as_posix() if (name := excerpt_name(condition)) else None,
            save_as=next_file(folder_of(source or _ANY, condition, prompt.id)).as_posix(),
            header=header(source),
            draws=draws,
            n_answers=_n_answers(source, condition, prompt.id),
        )
        for prompt in prompts
        for condition in conditions
    ]


def header(source: str | None) -> str:
    """The lines on top of a saved answer; an empty one counts as not known."""
    product = "" if source is None else f" {PRODUCTS.get(source, source)}"
    return (
        f"---\nproduct:{product}\n"
        "model:            # the label as the page shows it; empty if it shows none\n"
        f"date: '{datetime.now(UTC).astimezone().date().isoformat()}'\n"
        "conversation:     # only if several answers come from one chat: the same word in each, e.g. chat-1\n"
        "---"
    )


def _n_answers(source: str | None, condition: ArmCondition, prompt_id: str) -> int:
    folder = folder_of(source or _ANY, condition, prompt_id)
    return sum(path.suffix in (".md", ".txt", ".json") for path in folder.glob("[!.]*"))
