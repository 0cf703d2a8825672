"""What two runs differ in, so that a reader knows what is compared."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stages.common.shown import brief, listed
from thesis.diff.recorded import Recorded

BASES = "models/bases.yaml: "
FILES = 4
"""Files of code that are named."""
WORDS = 60
"""Characters of one value of a param that are shown."""


@dataclass(frozen=True)
class Settings:
    """Differences between two runs, by kind; empty where there is none."""

    base: tuple[str, str] | None
    params: Mapping[str, tuple[Any, Any]]
    """Both values by dotted key; None where a run has no such key."""
    data: Sequence[str]
    """Inputs under data/ that differ."""
    code: Sequence[str]
    """Files or folders of code that differ."""
    adapters: Sequence[str]
    """Adapters that differ: outputs, so this says that something was trained again."""

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Kind and sentence of each difference in what went in."""
        found = [("base", f"{self.base[0]} → {self.base[1]}")] if self.base else []
        found += [("data", path) for path in self.data]
        found += [("params", f"{key}: {_shown(a)} → {_shown(b)}") for key, (a, b) in self.params.items()]
        return found + ([("code", listed(self.code, FILES))] if self.code else [])


def differing_settings(a: Recorded, b: Recorded) -> Settings:
    """Compare what two locks record.

    Another base has other entries in models/bases.yaml; these are left out then.
    """
    is_other_base = a.base != b.base
    params = {
        key: (a.params.get(key), b.params.get(key))
        for key in _differing(a.params, b.params)
        if key != "base" and not (is_other_base and key.startswith(BASES))
    }
    inputs = _differing(a.inputs, b.inputs)
    return Settings(
        base=(a.base, b.base) if is_other_base else None,
        params=params,
        data=[path for path in inputs if path.startswith("data/")],
        code=[path for path in inputs if path.startswith("stages/")],
        adapters=_differing(a.adapters, b.adapters),
    )


def _differing(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    return [key for key in dict.fromkeys([*a, *b]) if (key in a) != (key in b) or a.get(key) != b.get(key)]


def _shown(value: Any) -> str:
    return brief(json.dumps(value, ensure_ascii=False), WORDS)
