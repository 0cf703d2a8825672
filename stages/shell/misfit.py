"""Messages about a section that is missing or does not fit its model."""

import difflib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from stages.shell.errors import UserError, mistakes


def missing_section(path: Path, section: str, key: str, among: Any) -> UserError:
    """Error for a dotted section of which `key` is missing, with a key that may be its misspelling."""
    near = difflib.get_close_matches(key, map(str, among), 1) if isinstance(among, dict) else []
    hint = f"; {near[0]!r} is there: a typo?" if near else ""
    return UserError(f"{path}: section {section} is missing ({key!r} not found{hint})")


def misfit(error: ValidationError, model: type[BaseModel], where: str) -> UserError:
    """Error that lists all the ways in which a value does not fit its model."""
    found = [_mistake(dict(one), model) for one in error.errors()]
    plural = "s" * (len(found) > 1)
    return mistakes(f"{where}: {len(found)} mistake{plural}", found, f"Correct {where.split(':')[0]}")


def _mistake(error: dict[str, Any], model: type[BaseModel]) -> str:
    key = ".".join(str(part) for part in error["loc"]) or "(section)"
    found = error["input"]
    if error["type"] == "missing":
        return f"{key}: required, missing"
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), _keys(model), 1)
        return f"{key}: unknown key" + (f"; did you mean {near[0]}?" if near else "")
    return f"{key}: {found!r}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _keys(model: type[BaseModel]) -> list[str]:
    keys = list(model.model_fields)
    for field in model.model_fields.values():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            keys += _keys(field.annotation)
    return keys
