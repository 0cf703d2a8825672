"""The YAML header of a pasted answer: provenance between two lines of three dashes, then the answer."""

import datetime
import difflib
import re
import textwrap
from typing import Any

import yaml
from pydantic import ValidationError
from ruamel.yaml import AliasEvent, ScalarNode
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.resolver import VersionedResolver

from stages.common.params import problem_of, yaml_reader
from stages.common.pasted import Provenance
from stages.common.shown import MAX_LISTED, brief
from stages.shell.errors import UserError

KEYS = tuple(Provenance.model_fields)
MAX_HEADER, MAX_KEYS = 50_000, 100
"""Characters, most of which may be a prompt; keys that are checked to recognize a header."""

_HEADER = re.compile(r"\A\s*^---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)\n?", re.DOTALL | re.MULTILINE)
_KEY = rf"(?i:{'|'.join(KEYS)})[ \t]*:"
_UNENDED = re.compile(rf"\A\s*^---[ \t]*\n\s*{_KEY}", re.MULTILINE)
_DASHED = re.compile(rf"\A\s*^[ \t]*[-–—]+[ \t]*\n\s*{_KEY}", re.MULTILINE)
"""A header below other dashes: long ones, too many, or after spaces."""
_BARE = re.compile(rf"\A\s*(?:(?i:product)[ \t]*:|(?:{_KEY}.*\n){{2}})")
_LINE = re.compile(r"[ \t]*(?:#.*)?|[ \t]+.*|(\w+)[ \t]*:.*")
"""An empty line, a comment, a continued line, or a key."""


class _NoAliases(Composer):
    """Refuses aliases: nested ones would give a text of gigabytes, and a header needs none."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.parser.check_event(AliasEvent):
            raise MarkedYAMLError(problem="* names a value", problem_mark=self.parser.peek_event().start_mark)
        return super().compose_node(parent, index)


class _AsWritten(VersionedResolver):
    """Reads only null: a model named 4.10 stays 4.10, and a date stays as it was written."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        tag = super().resolve(kind, value, implicit)
        return self.DEFAULT_SCALAR_TAG if kind is ScalarNode and "null" not in str(tag) else tag


def with_header(provenance: Provenance, text: str) -> str:
    """Content of a pasted-answer file; the header holds what is known.

    >>> print(with_header(Provenance(product="Claude"), "{}"))
    ---
    product: Claude
    ---
    <BLANKLINE>
    {}
    """
    known = provenance.model_dump(exclude_none=True)
    header = yaml.safe_dump(known, sort_keys=False, allow_unicode=True) if known else ""
    return f"---\n{header}---\n\n{text}" if header else text


def split_header(content: str) -> tuple[str | None, str]:
    """The YAML of the header, None if there is none, and the answer.

    A line of dashes at the start of an answer is no header. A header has only lines `key: value`,
    at least one with a key of provenance or a similar one.

    Raises:
        UserError: if a header does not end, or stands below other dashes than three hyphens or none.

    >>> split_header("---\\nproduct: Claude\\n---\\n\\n{}")
    ('product: Claude\\n', '{}')
    >>> split_header("---\\nHere she is:\\n---\\n{}")[0] is None
    True
    """
    found = _HEADER.match(content)
    if found and _is_header(header := textwrap.dedent(found[1])):
        return header, content[found.end() :]
    if found is None and _UNENDED.match(content):
        raise UserError(
            "the header does not end; it needs a second line of three dashes (---) before the answer"
        )
    if found is None and _DASHED.match(content):
        raise UserError(
            "the header's first line is not three hyphens (---) and nothing else; an editor may have made a "
            "long dash of them: write them again, with smart dashes off"
        )
    if _BARE.match(content):
        raise UserError("the two lines of three dashes (---) around the header are missing; add them")
    return None, content


def read_provenance(text: str) -> Provenance:
    """The provenance in a header, or in the file beside an answer.

    Raises:
        UserError: all mistakes, separated by semicolons.
    """
    if len(text) > MAX_HEADER:
        raise UserError(f"header: has {len(text):,} characters; at most {MAX_HEADER:,} are read")
    try:
        reader = yaml_reader()
        reader.Composer, reader.Resolver = _NoAliases, _AsWritten
        value = reader.load(text)
    except MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise UserError(
            f"header, {line}not YAML ({problem_of(error)}); put a value with special characters in quotes"
        ) from None
    except YAMLError as error:
        raise UserError(f"header: not YAML ({' '.join(str(error).split())})") from None
    except RecursionError:
        raise UserError("header: nested too deeply to be read") from None
    if not isinstance(value, dict | None):
        raise UserError(f"header: it must have lines `key: value`; keys are {', '.join(KEYS)}")
    return _provenance(value or {})


def _is_header(yaml_text: str) -> bool:
    lines = [_LINE.fullmatch(line) for line in yaml_text.split("\n")]
    keys = [line[1].lower() for line in lines if line and line[1]]
    return all(lines) and any(difflib.get_close_matches(key, KEYS, 1, cutoff=0.75) for key in keys[:MAX_KEYS])


def _provenance(value: dict[Any, Any]) -> Provenance:
    try:
        found = Provenance.model_validate(value)
    except ValidationError as error:
        wrong = error.errors()
        more = [f"and {len(wrong) - MAX_LISTED:,} more"] if len(wrong) > MAX_LISTED else []
        said = [*(_mistake(dict(one)) for one in wrong[:MAX_LISTED]), *more]
        raise UserError("; ".join(said)) from None
    if found.date is not None and not _is_date(found.date):
        raise UserError(f"header, date: {brief(found.date)!r} is not a date; write it as 2026-11-20")
    return found


def _mistake(error: dict[str, Any]) -> str:
    key = brief(str(error["loc"][0]))
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key.lower(), KEYS, 1)
        hint = f"did you mean {near[0]}?" if near else f"keys are {', '.join(KEYS)}"
        return f"header, {key}: unknown key; {hint}"
    return f"header, {key}: {brief(repr(error['input']))}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _is_date(text: str) -> bool:
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
