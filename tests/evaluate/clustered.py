"""Pasted answers about cats: several draws of one conversation."""

import json
from collections.abc import Sequence

from stages.common.pasted import Pasted, Provenance
from stages.common.records import Profile
from tests.evaluate.fakes import FREE

CHAT = "claude/original"


def pasted(
    *talks: Sequence[str | Profile], arm: str = CHAT, prompt_id: str = FREE.id, name: str = ""
) -> list[Pasted]:
    """Each of `talks` is one conversation; draws are numbered through."""
    source, condition = arm.rsplit("/", 1)
    said = [(f"{name}{i}", text) for i, talk in enumerate(talks) for text in talk]
    return [
        Pasted(
            source=source,
            condition=condition,
            prompt_id=prompt_id,
            draw=draw,
            text=text if isinstance(text, str) else json.dumps(text),
            conversation=conversation,
            ended="closed",
            around="",
            file=f"data/external/{arm}/{prompt_id}/{conversation}.md",
            provenance=Provenance(product="Claude", conversation=conversation),
        )
        for draw, (conversation, text) in enumerate(said, start=1)
    ]
