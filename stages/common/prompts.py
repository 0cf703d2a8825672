"""data/prompts.yaml: the prompts that training uses and those that are asked of every source.

A prompt template is text with slots in braces: `{fields}` is the list of the schema's
fields, `{employment}` the value of a field. Training fills them from the record itself,
an asked prompt from its `given`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from pydantic import Field, PositiveFloat

from stages.common.params import Params, parse, read_yaml
from stages.common.schema import ProfileSchema
from stages.shell.errors import UserError, mistakes

PROMPTS = Path("data/prompts.yaml")
FIELDS = "fields"


class TrainingPrompt(Params):
    """A prompt template of training."""

    id: str = Field(min_length=1, pattern=r"^[\w-]+$")
    share: PositiveFloat
    """Share of the records that can fill its slots, relative to the other training prompts."""
    template: str = Field(min_length=1)


class AskedPrompt(Params):
    """A prompt that is put to every source."""

    id: str = Field(min_length=1, pattern=r"^[\w-]+$")
    given: dict[str, Any]
    """Fixed values by field; {} if nothing is fixed."""
    template: str = Field(min_length=1)


class _Training(Params):
    training: list[TrainingPrompt] = Field(min_length=1)


class _Asked(Params):
    asked: list[AskedPrompt] = Field(min_length=1)


def load_training_prompts(schema: ProfileSchema, path: Path = PROMPTS) -> list[TrainingPrompt]:
    prompts = parse(_Training, _part(path, "training"), str(path)).training
    _refuse(_unknown_slots(prompts, schema), path)
    return prompts


def load_asked_prompts(schema: ProfileSchema, path: Path = PROMPTS) -> list[AskedPrompt]:
    prompts = parse(_Asked, _part(path, "asked"), str(path)).asked
    _refuse([*_unknown_slots(prompts, schema), *_wrong_given(prompts, schema)], path)
    return prompts


def slots(template: str) -> set[str]:
    """The names of the slots; UserError if braces do not match.

    >>> sorted(slots("As JSON: {fields}. Age: {age}, {{not a slot}}"))
    ['age', 'fields']
    """
    try:
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError as error:
        raise UserError(f"prompt {template!r}: {error}; a literal brace is written twice") from None


def fill(template: str, values: Mapping[str, Any], schema: ProfileSchema) -> str:
    """The prompt: `template` with `{fields}` and the values by dotted path.

    Raises:
        KeyError: if a slot has no value.
    """
    parts = []
    for literal, name, _, _ in Formatter().parse(template):
        parts.append(literal)
        if name is not None:
            parts.append(schema.described if name == FIELDS else in_words(values[name]))
    return "".join(parts).strip()


def asked_text(prompt: AskedPrompt, schema: ProfileSchema) -> str:
    """The text that is typed into a chat page and given to the base model."""
    return fill(prompt.template, prompt.given, schema)


def in_words(value: Any) -> str:
    """A value within a sentence: text unchanged, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _part(path: Path, key: str) -> dict[str, Any]:
    content = read_yaml(path)
    if not isinstance(content, dict) or not isinstance(content.get(key), list):
        raise UserError(f"{path}: the list {key!r} is missing; the file has training: and asked:")
    return {key: content[key]}


def _unknown_slots(prompts: list[TrainingPrompt] | list[AskedPrompt], schema: ProfileSchema) -> list[str]:
    found = []
    for prompt in prompts:
        known = {
            FIELDS,
            *(prompt.given if isinstance(prompt, AskedPrompt) else (field.path for field in schema.fields)),
        }
        found += [f"{prompt.id}: unknown slot {{{slot}}}" for slot in sorted(slots(prompt.template) - known)]
    ids = [prompt.id for prompt in prompts]
    return found + [
        f"{twice}: two prompts have this id" for twice in sorted({i for i in ids if ids.count(i) > 1})
    ]


def _wrong_given(prompts: list[AskedPrompt], schema: ProfileSchema) -> list[str]:
    found = []
    for prompt in prompts:
        for path, value in prompt.given.items():
            field = schema.field(path)
            if field is None:
                found.append(f"{prompt.id}: given {path}: the schema has no such field")
            else:
                found += [f"{prompt.id}: given {path}: {line}" for line in field.violations(value)]
    return found


def _refuse(found: list[str], path: Path) -> None:
    if found:
        slots_help = (
            f"A slot is {{{FIELDS}}} or a field of the schema (of the prompt's given:, if it is asked)"
        )
        raise mistakes(f"{path}: {len(found)} mistake{'s' * (len(found) > 1)}", found, slots_help)
