"""Reading and writing of text, JSON and JSONL. A file appears whole or not at all."""

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from stages.shell.errors import UserError
from stages.shell.special import check_regular

R = TypeVar("R", bound=BaseModel)
Metrics: TypeAlias = Mapping[str, "float | int | Metrics"]
ZIP = b"PK\x03\x04"
"""First bytes of a zip, and so of an Excel file."""


def read_text(path: Path) -> str:
    """Text of a UTF-8 file, without byte order mark."""
    check_regular(path)
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"{path}: not found") from None
    except (IsADirectoryError, PermissionError) as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        if error.object.startswith(ZIP):
            raise UserError(f"{path}: a zip or an Excel file, not text; export it as JSON") from None
        raise UserError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None


def read_json(path: Path) -> Any:
    """The value in a JSON file; UserError with line and column if it is none."""
    return parse_json(read_text(path), path)


def parse_json(text: str, path: Path, line: int = 1) -> Any:
    """The value of a JSON text; UserError with its place if it is none.

    Args:
        line: number of the text's first line in the file.
    """
    try:
        return STRICT.decode(text)
    except json.JSONDecodeError as error:
        raise UserError(f"{path}:{line + error.lineno - 1}:{error.colno}: not JSON: {error.msg}") from None
    except ValueError as error:
        raise UserError(f"{path}: {error}") from None
    except RecursionError:
        raise UserError(f"{path}: nested too deeply to be read") from None


def read_records(path: Path, model: type[R]) -> list[R]:
    """The rows of a JSONL file that a stage wrote."""
    rows = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            try:
                rows.append(model.model_validate_json(line))
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(map(str, first["loc"]))
                raise UserError(
                    f"{path}:{number}: {field}: {first['msg']}\nMake the file again: dvc repro"
                ) from None
    return rows


def write_records(path: Path, rows: Iterable[BaseModel]) -> None:
    """Write one JSON object per line, keys in the order of the model."""
    write_text(path, "".join(_strict(row.model_dump()) for row in rows))


def write_metrics(path: Path, metrics: Metrics) -> None:
    """Write nested finite numbers. DVC silently drops lists, and always sees NaN as changed."""
    _check_metrics(metrics, path.name)
    write_json(path, metrics)


def write_json(path: Path, value: Any) -> None:
    """Write indented JSON with a newline at the end; NaN is refused."""
    write_text(path, _strict(value, indent=2))


def write_text(path: Path, text: str) -> None:
    """Replace a file by atomic rename, so a crash leaves the old one. An OSError names the file itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _replace(path, text)
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def _replace(path: Path, text: str) -> None:
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(0o644)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes, or of the paths and hashes of a folder's files."""
    check_regular(path)
    if path.is_dir():
        listing = [[file.relative_to(path).as_posix(), sha256_of(file)] for file in files_in(path)]
        return hashlib.sha256(json.dumps(listing).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_in(folder: Path) -> list[Path]:
    """The files in a folder and below, sorted, without what systems and programs leave there (.DS_Store)."""
    inside = ((path, path.relative_to(folder).parts) for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path, parts in inside if not any(p.startswith(".") or p == "__pycache__" for p in parts)]


def _strict(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False) + "\n"


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits} is too large a number")
    return number


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"has the key {key!r} twice")
        found[key] = value
    return found


STRICT = json.JSONDecoder(
    parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_unique_keys
)
"""Refuses what Python accepts beyond the standard: NaN, infinite numbers, duplicate keys."""


def _check_metrics(value: Any, key: str) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _check_metrics(inner, f"{key}.{name}")
    elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"{key} = {value!r}: a metric is a finite number")
