"""A Word file, as Word writes it."""

import zipfile
from pathlib import Path

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inner: str, style: str = "") -> str:
    about = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{about}{''.join(inner)}</w:p>"


def write_word(path: Path, *paragraphs: str, notes: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as file:
        body = f"<w:body>{''.join(paragraphs)}</w:body>"
        file.writestr("word/document.xml", f"<w:document {NAMES}>{body}</w:document>")
        if notes:
            file.writestr("word/footnotes.xml", f"<w:footnotes {NAMES}>{notes}</w:footnotes>")
    return path
