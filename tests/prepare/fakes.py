"""Ships: nested, with lists, numbers, nulls, and nothing of the default schema."""

from typing import Any

from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.prepare.cleaning import Cleaner, CleanRecord
from stages.prepare.params import NullParams, NumberParams

NODE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["hull", "flag", "port", "masts", "note"],
    "properties": {
        "hull": {"type": "string", "x-role": "identifier"},
        "flag": {"enum": ["red", "-", None], "x-role": "protected"},
        "port": {
            "type": "object",
            "additionalProperties": False,
            "required": ["city"],
            "properties": {
                "city": {"type": "string", "x-role": "attribute"},
                "berth": {"type": ["integer", "null"], "x-role": "number"},
            },
        },
        "masts": {"type": "integer", "minimum": 0, "x-role": "number"},
        "speed": {"type": "number", "x-role": "number"},
        "cargo": {"type": "array", "items": {"type": "string"}, "x-role": "attribute"},
        "note": {"type": ["string", "null"], "x-role": "text"},
    },
    "x-rules": [
        {
            "id": "no-mast-no-speed",
            "if": {"properties": {"masts": {"const": 0}}, "required": ["masts"]},
            "then": {"properties": {"speed": {"const": 0}}},
        }
    ],
}
SCHEMA = ProfileSchema(NODE)
WITHOUT_ID = ProfileSchema(
    {
        **NODE,
        "required": NODE["required"][1:],
        "properties": {key: node for key, node in NODE["properties"].items() if key != "hull"},
    }
)
NULLS = NullParams(spellings=["", "N/A", "-"], become="explicit")
NUMBERS = NumberParams(thousands_separator=None, units=[])


def ship(**changes: Any) -> Profile:
    """A ship that fits the schema, keys in its order."""
    profile = {
        "flag": "red",
        "port": {"city": "Bergen", "berth": 4},
        "masts": 2,
        "speed": 4.5,
        "cargo": ["tea"],
    }
    return {**profile, "note": "leaks", **changes}


def cleaner(
    nulls: NullParams = NULLS, numbers: NumberParams = NUMBERS, schema: ProfileSchema = SCHEMA
) -> Cleaner:
    return Cleaner(schema, nulls, numbers)


def clean(raw: Any, **rules: Any) -> Any:
    """A clean record, or the reasons why there is none."""
    return cleaner(**rules).clean(1, raw)


def cleaned(raw: Any, **rules: Any) -> Profile:
    """The profile of a record that must be kept."""
    record = clean(raw, **rules)
    assert isinstance(record, CleanRecord), record
    return record.profile


def record(source_id: str, position: int = 1, **changes: Any) -> CleanRecord:
    return CleanRecord(position, source_id, True, ship(**changes))
