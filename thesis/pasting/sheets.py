"""Make one sheet per text to paste."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ConfigDict, PositiveInt

from stages.collect.answers import folder_of, next_file
from stages.collect.params import CollectParams
from stages.collect.pasting import excerpt_name, text_to_paste
from stages.common.look import CHATS, data_name
from stages.common.params import Params
from stages.common.prompts import AskedPrompt
from stages.common.records import ArmCondition
from stages.common.schema import ProfileSchema


class DrawParams(Params):
    """The number of times to ask a prompt, from the section `generate`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    draws: PositiveInt


@dataclass(frozen=True)
class Place:
    """Where the answers of one chat product go."""

    source: str
    save_as: str
    """Path of the next answer."""
    n_answers: int
    """Number of saved answers."""

    @property
    def product(self) -> str:
        return product_of(self.source)


@dataclass(frozen=True)
class Sheet:
    """Everything a person needs to ask one prompt in one condition."""

    prompt_id: str
    condition: ArmCondition
    text: str
    attach: str | None
    """Path of the file to attach; None without a file."""
    header: str
    draws: int
    """Number of answers that are wanted of each product."""
    places: list[Place]
    """One per product."""

    @property
    def name(self) -> str:
        return f"{self.prompt_id}, {data_name(self.condition)}"

    @property
    def left(self) -> list[Place]:
        """The products of which answers are still missing."""
        return [place for place in self.places if place.n_answers < self.draws]


def product_of(source: str) -> str:
    """The product's own name; another source has the name of its folder."""
    return CHATS.get(source, source)


def sheets(
    prompts: Sequence[AskedPrompt],
    conditions: Sequence[ArmCondition],
    sources: Sequence[str],
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
            header=header(sources),
            draws=draws,
            places=[_place(source, condition, prompt.id) for source in sources],
        )
        for prompt in prompts
        for condition in conditions
    ]


def header(sources: Sequence[str]) -> str:
    """The lines on top of a saved answer; an empty one counts as not known."""
    names = [product_of(source) for source in sources]
    product = names[0] if len(names) == 1 else f"         # {', '.join(names)}"
    return (
        f"---\nproduct: {product}\n"
        "model:            # the label as the page shows it; empty if it shows none\n"
        f"date: '{datetime.now(UTC).astimezone().date().isoformat()}'\n"
        "conversation:     # only if several answers come from one chat: the same word in each, e.g. chat-1\n"
        "---"
    )


def _place(source: str, condition: ArmCondition, prompt_id: str) -> Place:
    folder = folder_of(source, condition, prompt_id)
    n_answers = sum(path.suffix in (".md", ".txt", ".json") for path in folder.glob("[!.]*"))
    return Place(source, next_file(folder).as_posix(), n_answers)
