"""The inputs of `prepare`, mistakes put into them, and what `prepare` says about these."""

import json
from pathlib import Path

import pytest

from stages.prepare.__main__ import main
from stages.shell.errors import run

ORIGINAL, AUGMENTED = Path("data/raw/original.json"), Path("data/raw/augmented.json")
SCHEMA, PROMPTS, PARAMS = (
    Path("data/schema/profile.schema.json"),
    Path("data/prompts.yaml"),
    Path("params.yaml"),
)


def message():
    """What `python -m stages.prepare` prints when it refuses; a traceback would fail the test."""
    with pytest.raises(SystemExit) as ended:
        run(main)
    assert isinstance(ended.value.code, str), "ended with a number alone"
    return ended.value.code


def refuses_with(parts):
    """Assert that the message contains all of `parts`."""
    said = message()
    assert [part for part in parts if part not in said] == [], said


def people(path=ORIGINAL):
    return json.loads(path.read_text("utf-8"))


def write(path, value):
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")


def edit_schema(change):
    schema = json.loads(SCHEMA.read_text("utf-8"))
    change(schema)
    write(SCHEMA, schema)
