"""Find what shell commands write to files, without running them."""

import re
import shlex
from collections.abc import Iterator
from pathlib import PurePosixPath

from thesis.importing.turns import Edit

_HEREDOC = re.compile(
    r"^(?P<before>[^\n]*?)<<-?[ \t]*(?P<quote>['\"]?)(?P<end>\w+)(?P=quote)(?P<after>[^\n]*)\n"
    r"(?P<body>.*?)^[ \t]*(?P=end)[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_TARGET = re.compile(
    r"(?P<more>>?)>\s*(?P<file>[^\s;&|<>]+)|\btee\s+(?P<add>-a\s+)?(?P<tee>[^\s;&|<>-][^\s;&|<>]*)"
)
_REDIRECTS = re.compile(r"(?<![-=\d&<])>{1,2}\s*(?!/dev/null|&|=)[\w./~\"'$-]|\btee\b|\bsed\s+(-\w+\s+)*-i")
_WRITES = re.compile(
    r"\bopen\([^)]*,\s*(mode\s*=\s*)?[\"'][wax]|\bdump\(|\.to_(json|csv)\(|write_text|write_bytes|writeFile|\.save\("
)
_FILE = re.compile(r"[\w.-]*\w\.(?:jsonl?|txt|md|csv|ya?ml)\b")
_PROGRAMS = frozenset({".py", ".js", ".ts", ".mjs", ".sh", ".bash", ".r", ".rb"})


def edits_of_shell(command: str) -> tuple[Edit, ...]:
    """The files that a command writes; `lost` if their text is not in it.

    >>> edits_of_shell("cat > out/p.json <<'EOF'\\n{}\\nEOF")
    (Edit(kind='whole', document='p.json', old='', new='{}\\n', many=False),)
    >>> edits_of_shell("ls > /dev/null; python make.py > p.json")
    (Edit(kind='lost', document='p.json', old='', new='', many=False),)
    """
    found = [edit for here in _HEREDOC.finditer(command) for edit in _of_heredoc(here)]
    for line in _HEREDOC.sub("", command).splitlines():
        found += _echoed(line) or _lost(line, _REDIRECTS) or edits_of_code(line)
    return tuple(found)


def edits_of_code(code: str) -> tuple[Edit, ...]:
    """`lost` for each file that a program names, if it writes any."""
    return _lost(code, _WRITES)


def _lost(code: str, writes: re.Pattern[str]) -> tuple[Edit, ...]:
    if not writes.search(code):
        return ()
    names = dict.fromkeys(_FILE.findall(code))
    return tuple(Edit("lost", name) for name in names) or (Edit("lost", "?"),)


def file_edit(path: str, text: str) -> Edit:
    """The text of a file; a program is no document, and its output is not known."""
    name = PurePosixPath(path).name
    is_program = PurePosixPath(name).suffix.lower() in _PROGRAMS
    return Edit("lost", name) if is_program else Edit("whole", name, new=text)


def _of_heredoc(here: re.Match[str]) -> Iterator[Edit]:
    line = f"{here['before']} {here['after']}"
    target = _TARGET.search(line)
    if target is None:
        yield from edits_of_code(here["body"])
        return
    file = (target["file"] or target["tee"]).strip("\"'")
    is_expanded = not here["quote"] and re.search(r"[$`\\]", here["body"])
    makes = re.match(
        r"\s*(?:\S+\s*&&\s*|mkdir[^&;]*[&;]+\s*|cd[^&;]*[&;]+\s*)*(?:sudo\s+)?(?:cat|tee)\b", line
    )
    if is_expanded or not makes or "|" in line.replace("| tee", ""):
        yield Edit("lost", PurePosixPath(file).name)
    elif target["more"] or target["add"]:
        yield Edit("added", PurePosixPath(file).name, new=here["body"])
    else:
        yield file_edit(file, here["body"])


def _echoed(line: str) -> list[Edit]:
    """The file that `echo` or `printf` writes, if its text is literal."""
    if not re.match(r"\s*(echo|printf)\b", line) or re.search(r"[$`]", line):
        return []
    try:
        words = list(shlex.shlex(line, posix=True, punctuation_chars=True))
    except ValueError:
        return []
    sign = next((word for word in words if word in (">", ">>")), None)
    if sign is None or set(words) & {"|", "||", "<"}:
        return []
    said, after = words[1 : words.index(sign)], words[words.index(sign) + 1 :]
    text = " ".join(word for word in said if word not in ("-n", "-e", "-E", "%s", "%s\\n"))
    if not after or "%" in text or "\\" in text:
        return []
    if sign == ">>":
        return [Edit("added", PurePosixPath(after[0]).name, new=f"{text}\n")]
    return [file_edit(after[0], f"{text}\n")]
