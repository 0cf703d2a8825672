"""Places of pasted answers: data/external/<source>/<condition>/<prompt_id>/NN.md."""

from pathlib import Path

from stages.collect.header import with_header
from stages.common.files import write_text
from stages.common.pasted import Provenance
from stages.common.records import ArmCondition

EXTERNAL = Path("data/external")
INTERACTIVE = "-interactive"
"""End of a source's name that `thesis ask` drew: `<base>+lora-interactive`."""


def folder_of(source: str, condition: ArmCondition, prompt_id: str, root: Path = EXTERNAL) -> Path:
    return root / source / condition / prompt_id


def next_file(folder: Path, suffix: str = ".md") -> Path:
    """Path of the next answer in a folder: 01.md, 02.md, …"""
    taken = {int(path.stem) for path in folder.glob("*") if path.stem.isdecimal()}
    return folder / f"{max(taken, default=0) + 1:02d}{suffix}"


def save_answer(
    source: str,
    condition: ArmCondition,
    prompt_id: str,
    text: str,
    provenance: Provenance,
    root: Path = EXTERNAL,
) -> Path:
    """Write a pasted-answer file without overwriting another one; returns its path."""
    path = next_file(folder_of(source, condition, prompt_id, root))
    write_text(path, with_header(provenance, text))
    return path
