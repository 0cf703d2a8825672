"""Write the answers: all of them, or none."""

from collections.abc import Sequence
from pathlib import Path

from stages.collect.answers import EXTERNAL, folder_of, next_file, save_answer
from stages.common.pasted import WEB_PAGE, Provenance
from thesis.importing.results import Answer, clean


def write_all(
    answers: Sequence[Answer], source: str, product: str, export_sha256: str, root: Path = EXTERNAL
) -> list[Path]:
    """Write one file per answer and return the files; an error or Ctrl-C takes back what was written."""
    written: list[Path] = []
    made = _missing(root / source)
    try:
        for answer in answers:
            expected = answer.match.expected
            folder = folder_of(source, expected.condition, expected.prompt_id, root)
            made += _missing(folder)
            written.append(next_file(folder))  # before the file exists: Ctrl-C may come right after
            provenance = _provenance(answer, product, export_sha256)
            save_answer(source, expected.condition, expected.prompt_id, answer.text, provenance, root)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        for folder in sorted(set(made), reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise
    return written


def _provenance(answer: Answer, product: str, export_sha256: str) -> Provenance:
    turn, match = answer.turn, answer.match
    return Provenance(
        product=product,
        interface=WEB_PAGE,
        model=turn.model and clean(turn.model)[:100],
        date=turn.date,
        conversation=turn.conversation,
        message=turn.message,
        prompt=None if match.exact else clean(match.typed),
        export_sha256=export_sha256,
    )


def _missing(folder: Path) -> list[Path]:
    """The folder and its parents that do not exist yet."""
    return [one for one in (folder, *folder.parents) if not one.exists()]
