"""A section of params.yaml as a typed object."""

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from stages.common.files import read_text
from stages.shell.errors import UserError
from stages.shell.misfit import misfit, missing_section
from stages.shell.special import check_unconflicted

PARAMS = Path("params.yaml")


class Params(BaseModel):
    """A section: frozen, no unknown keys, no conversions ("2" is not a number)."""

    model_config = ConfigDict(frozen=True, extra="forbid")


P = TypeVar("P", bound=Params)


def yaml_reader() -> YAML:
    """Reader of YAML 1.2 (yes is text, 010 is 10), so that DVC records the values that are used."""
    return YAML(typ="safe", pure=True)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; UserError with line and column if it is none."""
    check_unconflicted(path)
    if not path.exists():
        raise UserError(f"{path}: not found (run this from the project's folder)")
    text = read_text(path)
    try:
        return yaml_reader().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise UserError(f"{path}{place}: not YAML: {problem_of(error)}") from None
    except (YAMLError, ValueError) as error:  # a ValueError: a date that there is not, 2026-02-30
        raise UserError(f"{path}: not YAML: {error}") from None
    except RecursionError:
        raise UserError(f"{path}: nested too deeply to be read") from None


def problem_of(error: MarkedYAMLError) -> str:
    """What the parser says, without the values of a duplicate key: they can be long."""
    return str(error.problem).partition(" with value")[0]


def load_params(model: type[P], section: str, path: Path = PARAMS) -> P:
    """The dotted section of params.yaml, checked.

    Raises:
        UserError: names every missing, unknown or mistyped key as it stands in the file.
    """
    return parse(model, _section(section, path), f"{path}: {section}")


def load_base_name(path: Path = PARAMS) -> str:
    """The word after `base:`, the name of an entry of models/bases.yaml."""
    name = _section("base", path)
    if not isinstance(name, str):
        raise UserError(f"{path}: base is {name!r}; it must be the name of an entry of models/bases.yaml")
    return name


def parse(model: type[P], value: Any, where: str) -> P:
    """A value from YAML as a `model`; UserError lists all mistakes at once."""
    try:
        return model.model_validate_json(json.dumps(value, allow_nan=False, default=str), strict=True)
    except ValidationError as error:
        raise misfit(error, model, where) from None
    except ValueError as error:
        raise UserError(f"{where}: {error}") from None


def _section(section: str, path: Path) -> Any:
    value = read_yaml(path)
    for key in section.split("."):
        if not isinstance(value, dict) or key not in value:
            raise missing_section(path, section, key, value)
        value = value[key]
    return value
