"""The commands that docs/your-own-data.md shows, and what it says they print."""

import re
import shlex
from collections.abc import Iterator

from tests.tiny import ROOT

PAGE = ROOT / "docs/your-own-data.md"


def walk() -> Iterator[tuple[list[str], list[str]]]:
    """Each command of the page's console blocks, and the lines that are shown after it."""
    for block in re.findall(r"^```console\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            yield shlex.split(command), [line for line in shown if line.strip() not in ("", "…")]
