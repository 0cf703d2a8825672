"""Save an answer like one pasted from a chat page, so that `collect` reads it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from stages.collect.answers import EXTERNAL, INTERACTIVE, folder_of, save_answer
from stages.common.files import sha256_of
from stages.common.pasted import Provenance
from thesis.ask.answers import Answer

PRODUCT = "llama-thesis"


@dataclass(frozen=True)
class Saved:
    """A file that holds an answer."""

    path: Path
    sha256: str
    """Hash of the file as it was written."""
    is_new: bool
    """False if the same draw had been saved before."""


def save(answers: Sequence[Answer], root: Path = EXTERNAL) -> list[Saved]:
    """Write one file per answer. A draw that is already saved is not written again: it would count twice."""
    return [_save(answer, root) for answer in answers]


def undo(saved: Sequence[Saved]) -> list[Path]:
    """Remove new files, unless someone has changed them since; returns those removed."""
    removed = []
    for one in saved:
        if one.is_new and one.path.is_file() and sha256_of(one.path) == one.sha256:
            one.path.unlink()
            if not any(one.path.parent.iterdir()):
                one.path.parent.rmdir()
            removed.append(one.path)
    return removed


def provenance_of(answer: Answer) -> Provenance:
    """Everything needed to draw the answer again."""
    settings = answer.settings
    return Provenance(
        product=PRODUCT,
        model=answer.base,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        conversation=conversation_of(answer),
        prompt=answer.prompt.text if answer.prompt.is_typed else None,
        adapter_sha256=answer.adapter_sha256,
        seed=settings.seed,
        temperature=settings.temperature,
        draw=answer.draw,
        constrained=settings.constrained,
        top_p=settings.top_p,
        top_k=settings.top_k,
        max_new_tokens=settings.max_new_tokens,
    )


def conversation_of(answer: Answer) -> str:
    """A name for this draw alone, the same each time it is drawn, because draws are independent."""
    settings = answer.settings.model_dump(exclude={"draws", "first_draw"})
    what = [
        answer.arm.name,
        answer.adapter_sha256,
        answer.prompt.text,
        answer.draw,
        settings,
        answer.drawn.text,
    ]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:16]


def _save(answer: Answer, root: Path) -> Saved:
    place = f"{answer.arm.source}{INTERACTIVE}", answer.arm.condition, answer.prompt.id
    line = f"conversation: {conversation_of(answer)}"
    for path in sorted(folder_of(*place, root).glob("*.md")):
        if path.is_file() and line in path.read_text("utf-8", errors="replace").replace("'", "").splitlines():
            return Saved(path, sha256_of(path), is_new=False)
    path = save_answer(*place, answer.drawn.text, provenance_of(answer), root)
    return Saved(path, sha256_of(path), is_new=True)
