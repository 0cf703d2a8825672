"""Record when each contrast was first declared and when the first draws were made.

Dates come from the git history if there is one. What it does not have is dated now, and an earlier
recorded date stays. So a contrast never looks older than it is known to be.

python -m experiments.declared
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml.error import YAMLError

from stages.common.declarations import (
    DECLARED,
    Declarations,
    Declared,
    FirstDraws,
    definition_of,
    load_declarations,
)
from stages.common.files import write_json
from stages.common.made_with import ContrastFacts
from stages.common.params import PARAMS, read_yaml, yaml_reader
from stages.shell.errors import run
from thesis.programs import git_if_any

LOCK = Path("dvc.lock")
RAW = (Path("data/raw/original.json"), Path("data/raw/augmented.json"))
GENERATED = Path("data/generated/completions.jsonl")


def main() -> None:
    known = load_declarations() if DECLARED.exists() else Declarations(first_draws=None, contrasts=())
    found = declarations(known, datetime.now(UTC).replace(microsecond=0))
    write_json(DECLARED, found.model_dump(mode="json"))
    draws = found.first_draws
    print(f"first draws: {draws.at.isoformat() if draws else 'none yet'}")
    for contrast in contrasts_of(read_yaml(PARAMS)):
        if one := found.of(contrast):
            print(f"{contrast.id}: {one.at.isoformat()}, {found.when(contrast)} the first draws")


def declarations(known: Declarations, now: datetime) -> Declarations:
    """The earliest dates that history, record and files have of the current contrasts and raw data."""
    seen = [*known.contrasts]
    contents = [*versions(PARAMS), ("", now, read_yaml(PARAMS))]
    for commit, at, content in contents:
        definitions = [definition_of(contrast) for contrast in contrasts_of(content)]
        seen += [Declared(definition=one, at=at, commit=commit) for one in definitions]
    asked = [definition_of(contrast) for contrast in contrasts_of(contents[-1][2])]
    first = [min((one for one in seen if one.definition == each), key=lambda one: one.at) for each in asked]
    md5 = {path.as_posix(): hashlib.md5(path.read_bytes()).hexdigest() for path in RAW}
    draws = [one for one in [known.first_draws, *drawn_from(md5)] if one and one.raw_md5 == md5]
    return Declarations(first_draws=min(draws, key=lambda one: one.at, default=None), contrasts=tuple(first))


def drawn_from(md5: dict[str, str]) -> Iterator[FirstDraws]:
    """Completions of this raw data: the first that dvc.lock names, and those in this folder."""
    for commit, at, content in versions(LOCK):
        stages = (content or {}).get("stages", {})
        read = {dep["path"]: dep.get("md5") for dep in stages.get("prepare", {}).get("deps", [])}
        drawn = [out["path"] for out in stages.get("generate", {}).get("outs", [])]
        if GENERATED.as_posix() in drawn and md5.items() <= read.items():
            yield FirstDraws(at=at, commit=commit, raw_md5=md5)
            break
    if GENERATED.exists():
        at = datetime.fromtimestamp(GENERATED.stat().st_mtime, UTC).replace(microsecond=0)
        yield FirstDraws(at=at, commit="", raw_md5=md5)


def contrasts_of(content: Any) -> list[ContrastFacts]:
    """The contrasts of a version of params.yaml; an entry that cannot be read as one is left out."""
    found = []
    for entry in ((content or {}).get("evaluate") or {}).get("contrasts") or []:
        with suppress(ValidationError):
            found.append(ContrastFacts.model_validate(entry))
    return found


def versions(path: Path) -> Iterator[tuple[str, datetime, Any]]:
    """Commit, time and content of every version of a YAML file, oldest first; none in a shallow clone."""
    if git_if_any("rev-parse", "--is-shallow-repository") != "false":
        return
    found = []
    for line in git_if_any("log", "--format=%h %aI", "--", path.as_posix()).splitlines():
        commit, written = line.split(" ")
        found.append((datetime.fromisoformat(written).astimezone(UTC), commit))
    for at, commit in sorted(found):
        try:
            yield commit, at, yaml_reader().load(git_if_any("show", f"{commit}:./{path.as_posix()}"))
        except (YAMLError, ValueError):
            continue


if __name__ == "__main__":
    run(main)
