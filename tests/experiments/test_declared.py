"""When a contrast was declared against when the first draws were made, on histories made by hand."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from experiments.declared import contrasts_of, declarations, main
from stages.common.declarations import DECLARED, Declarations, Declared, load_declarations
from stages.common.files import write_text
from stages.common.params import read_yaml
from tests.tiny import ROOT

WHITE = {"id": "white", "arm_a": "<base>+lora/original", "arm_b": "<base>+lora/augmented", "prompt": "any"}
WHITE |= {"statistic": "share", "field": "coat", "level": "white"}
BLACK = {**WHITE, "level": "black"}
NOW = datetime(2030, 1, 1, tzinfo=UTC)
NONE = Declarations(first_draws=None, contrasts=())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("original", "augmented"):
        write_text(tmp_path / f"data/raw/{name}.json", f"[{len(name)}]")
    declare(WHITE)
    return tmp_path


def declare(*contrasts: dict[str, Any]) -> None:
    write_text(Path("params.yaml"), yaml.safe_dump({"evaluate": {"contrasts": [*contrasts]}}))


def draw() -> None:
    """Write what DVC locks after a run."""
    import hashlib

    raw = [Path(f"data/raw/{name}.json") for name in ("original", "augmented")]
    deps = [{"path": str(path), "md5": hashlib.md5(path.read_bytes()).hexdigest()} for path in raw]
    outs = [{"path": "data/generated/completions.jsonl", "md5": "12"}]
    write_text(
        Path("dvc.lock"), yaml.safe_dump({"stages": {"prepare": {"deps": deps}, "generate": {"outs": outs}}})
    )


def commit(day: int) -> None:
    if not Path(".git").exists():
        git("init", "-q")
    at = f"2029-06-{day:02}T12:00:00+02:00"
    git("add", "-A")
    git("commit", "-qm", "x", env={"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at})


def git(*words: str, env: dict[str, str] | None = None) -> None:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *who, *words], check=True, env={**os.environ, **(env or {})})


def found(known: Declarations = NONE) -> list[str]:
    made = declarations(known, NOW)
    return [made.when(one) for one in contrasts_of(read_yaml(Path("params.yaml")))]


def test_declared_a_day_before_the_first_draws(here: Path) -> None:
    commit(1)
    draw()
    commit(2)
    made = declarations(NONE, NOW)
    assert [one.at for one in made.contrasts] == [datetime(2029, 6, 1, 10, tzinfo=UTC)]
    assert made.first_draws is not None
    assert made.first_draws.at == datetime(2029, 6, 2, 10, tzinfo=UTC)
    assert found() == ["before"]


def test_declared_after_a_first_look(here: Path) -> None:
    declare()
    draw()
    commit(1)
    declare(WHITE)
    commit(2)
    assert found() == ["after"]


def test_one_commit_with_both_is_not_before(here: Path) -> None:
    draw()
    commit(1)
    assert found() == ["after"]


def test_a_redefined_contrast_gets_a_new_date(here: Path) -> None:
    commit(1)
    draw()
    commit(2)
    declare(BLACK)
    assert found() == ["after"]  # dated now: not committed yet
    commit(3)
    assert found() == ["after"]
    declare(BLACK, WHITE)
    assert found() == ["after", "before"]


def test_draws_of_other_raw_data_are_no_first_look(here: Path) -> None:
    draw()
    commit(1)
    write_text(Path("data/raw/original.json"), "[7]")
    declare(BLACK)
    commit(2)
    assert found() == ["before"]


def test_without_git_dates_are_those_of_the_first_call(here: Path) -> None:
    main()
    assert found(load_declarations()) == ["before"]
    write_text(Path("data/generated/completions.jsonl"), "")
    os.utime("data/generated/completions.jsonl", (NOW.timestamp() + 60,) * 2)
    main()
    assert found(load_declarations()) == ["before"]
    declare(WHITE, BLACK)
    later = declarations(load_declarations(), NOW.replace(year=2031))
    assert [later.when(one) for one in contrasts_of(read_yaml(Path("params.yaml")))] == ["before", "after"]


def test_a_recorded_date_outlives_a_squashed_history(here: Path) -> None:
    commit(20)
    [one] = declarations(NONE, NOW).contrasts
    early = Declared(definition=one.definition, at=datetime(2029, 1, 1, tzinfo=UTC), commit="abc")
    known = Declarations(first_draws=None, contrasts=(early,))
    assert declarations(known, NOW).contrasts == (early,)


def test_the_default_study_says_what_is_so() -> None:
    """Its contrasts were declared two days after its first completions."""
    committed = load_declarations(ROOT / DECLARED)
    contrasts = contrasts_of(read_yaml(ROOT / "params.yaml"))
    assert committed.first_draws is not None
    assert committed.first_draws.at.date().isoformat() == "2026-11-23"
    assert {committed.when(one) for one in contrasts} == {"after"}
    assert {one.at.date().isoformat() for one in committed.contrasts} == {"2026-11-25"}
