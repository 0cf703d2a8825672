"""Where pasted answers lie: data/external/<source>/<condition>/<prompt_id>/NN.md."""

from pathlib import Path

from stages.collect.header import with_header
from stages.common.files import write_text
from stages.common.pasted import Provenance
from stages.common.records import ArmCondition

EXTERNAL = Path("data/external")
INTERACTIVE = "-interactive"
"""Ends the source of what was drawn by `thesis ask`: `<base>+lora-interactive`."""


def folder_of(source: str, condition: ArmCondition, prompt_id: str, root: Path = EXTERNAL) -> Path:
    return root / source / condition / prompt_id


def next_file(folder: Path, suffix: str = ".md") -> Path:
    """The first number that no answer of the folder has: 01.md, 02.md, …"""
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
    """Write a pasted-answer file, never over another one; returns where it is."""
    path = next_file(folder_of(source, condition, prompt_id, root))
    write_text(path, with_header(provenance, text))
    return path
