"""The text of a Word file. python-docx would leave out tables in tables, footnotes and text boxes."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from stages.shell.errors import UserError
from stages.shell.special import check_regular

PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
SPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""An older picture of a text box, with the same words again."""
MAX_BYTES = 200_000_000
"""Of one part, unpacked: a thesis has a few megabytes."""


def word_text(path: Path) -> str:
    """One line for each paragraph, those of tables, boxes and notes included; headings as # …

    Deleted text that Word still tracks is left out, and so are the codes behind fields.

    Raises:
        UserError: the file is no Word file.
    """
    check_regular(path)
    try:
        with zipfile.ZipFile(path) as file:
            parts = [_part(file, name) for name in PARTS if name in file.namelist()]
    except FileNotFoundError:
        raise UserError(f"{path}: not found") from None
    except (zipfile.BadZipFile, ElementTree.ParseError):
        raise UserError(f"{path}: not a Word file (.docx); save it again from Word") from None
    if not parts:
        raise UserError(f"{path}: a zip, but no Word file (.docx); save it again from Word")
    return "\n".join(line for part in parts for line in _lines(part))


def _part(file: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if file.getinfo(name).file_size > MAX_BYTES:
        raise UserError(f"{file.filename}: {name} is larger than {MAX_BYTES:,} bytes")
    content = file.read(name)
    if b"<!DOCTYPE" in content[:1000]:
        raise UserError(f"{file.filename}: {name} declares entities, which Word never does")
    return ElementTree.fromstring(content)


def _lines(part: ElementTree.Element) -> Iterator[str]:
    for paragraph in _outer(part):
        style = paragraph.find(f"{SPACE}pPr/{SPACE}pStyle")
        name = "" if style is None else style.get(f"{SPACE}val", "")
        mark = "# " if name.startswith("Heading") else ""
        yield mark + "".join(_pieces(paragraph)).replace("\n", " ")


def _outer(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """All paragraphs in the order of the text; those of a text box follow the one it hangs on."""
    for child in element:
        if child.tag == FALLBACK:
            continue
        if child.tag == f"{SPACE}p":
            yield child
        yield from _outer(child)


def _pieces(element: ElementTree.Element) -> Iterator[str]:
    for child in element:
        if child.tag in {f"{SPACE}p", FALLBACK}:
            continue
        if child.tag == f"{SPACE}t":
            yield child.text or ""
        elif child.tag in {f"{SPACE}tab", f"{SPACE}br"}:
            yield " "
        elif child.tag == f"{SPACE}noBreakHyphen":
            yield "-"
        else:
            yield from _pieces(child)
