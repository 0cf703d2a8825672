"""`thesis ask` as it is typed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from stages.shell.alone import alone
from stages.shell.errors import UserError
from tests.thesis.ask.fakes import ASKED, GOOD, Reciting
from tests.tiny import ROOT
from thesis.ask import running
from thesis.cli import app

Ask = Callable[..., Result]


@pytest.fixture
def ask(fake: Reciting, monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.setattr(running, "_opened", lambda: fake)
    return lambda *words, stdin="": CliRunner().invoke(app, ["ask", *words], input=stdin)


def test_a_prompt_by_name(ask: Ask) -> None:
    done = ask("--prompt", "north")
    assert done.exit_code == 0, done.output
    assert "From the north." in done.output
    assert done.output.count("job.hours") == 3


def test_json_is_all_that_is_printed(ask: Ask, fake: Reciting) -> None:
    done = ask("--json", "--draws", "2", "--first-draw", "3", "--temperature", "0.5", "--seed", "9", "Who?")
    found = json.loads(done.stdout)
    assert (found["prompt"], found["prompt_id"]) == ("Who?", fake.calls[0][1])
    assert found["settings"]["temperature"] == 0.5
    assert [(a["source"], a["condition"], a["draw"]) for a in found["answers"]] == [
        (arm.source, arm.condition, draw) for arm in fake.columns for draw in (3, 4)
    ]
    assert found["answers"][0]["text"] == GOOD
    assert found["answers"][0]["verdict"] == "fits"
    assert found["answers"][0]["read"]["status"] == "strict"
    assert "saved" not in found["answers"][0]


def test_from_standard_input(ask: Ask, fake: Reciting) -> None:
    ask("-", stdin=f"{ASKED[0].text}\n")
    assert {prompt_id for _, prompt_id, _, _ in fake.calls} == {"free"}


def test_save_says_where(ask: Ask) -> None:
    done = ask("--prompt", "free", "--arm", "augmented", "--save")
    path = "data/external/tiny+lora-interactive/augmented/free/01.md"
    assert f"Saved {path}" in done.output
    assert Path(path).is_file()
    [answer] = json.loads(ask("--prompt", "free", "--arm", "augmented", "--save", "--json").stdout)["answers"]
    assert answer["saved"] == path


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([""], "prompt is empty"),
        (["Who?", "--prompt", "free"], "give only one"),
        (["--prompt", "fre"], "there are: free, north"),
        ([], "No prompt was given"),
        (["--json"], "No prompt was given"),
        (["--web", "Who?"], "reads the prompt on its page"),
        (["Who?", "--temperature", "0"], "Temperature must be above 0. You typed 0."),
        (["Who?", "--temperature", "nan"], "Temperature must be a number. You typed nan."),
        (["Who?", "--draws", "0"], "Draws must be at least 1. You typed 0."),
        (["Who?", "--seed", "-1"], "Seed must be at least 0. You typed -1."),
        (["Who?", "--arm", "lora"], "choose from: base, original, augmented"),
    ],
)
def test_mistakes(ask: Ask, fake: Reciting, words: list[str], message: str) -> None:
    done = ask(*words)
    assert isinstance(done.exception, UserError)
    assert message in str(done.exception)
    assert fake.calls == []


@pytest.mark.parametrize(
    "words", [[" "], ["-"], ["Who?", "--arm", "lora"], ["--prompt", "free", "--arm", ""]]
)
def test_options_that_contradict_each_other_are_reported_before_the_base_is_loaded(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr(running, "_opened", lambda: pytest.fail("loaded"))
    assert isinstance(ask(*words).exception, UserError)


def test_ctrl_c_ends_with_130_and_saves_nothing(ask: Ask, fake: Reciting) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    fake.on_token = stop
    assert ask("--prompt", "free", "--save").exit_code == 130
    assert not Path("data/external").exists()


@pytest.mark.parametrize("stage", ["train_original", "calibrate"])
def test_a_training_that_runs_at_the_same_time_is_reported(
    fake: Reciting, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    monkeypatch.setattr("thesis.ask.loading.open_session", lambda _: fake)

    def told() -> str:
        done = CliRunner().invoke(app, ["ask", "--prompt", "free", "--arm", "base", "--json"])
        assert json.loads(done.stdout)["prompt_id"] == "free"
        return done.stderr

    with alone(Path(".work") / stage):
        running = f"{stage} is running in process {os.getpid()} (since 20"
        assert running in told()
        assert "both it and the answers are slower" in told()
    assert "is running" not in told()


def test_web_without_its_server(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    done = ask("--web")
    assert "pip install -c requirements.lock" in str(done.exception)


@pytest.mark.parametrize(
    "given", [["--seed", "3"], ["--first-draw", "2"], ["--arm", "base"], ["--constrained"]]
)
def test_web_refuses_settings_that_its_page_would_ignore(ask: Ask, given: list[str]) -> None:
    assert f"leave out {given[0]}" in str(ask("--web", *given).exception)


def test_web_gets_the_session_and_the_port(ask: Ask, fake: Reciting, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []

    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    monkeypatch.setattr("thesis.ask.web.serving.serve", lambda *words: served.extend(words))
    ask("--web", "--port", "9000")
    assert served == [fake, 9000]


def test_help_has_examples(ask: Ask) -> None:
    text = ask("--help").output
    assert "Example:" in text
    assert 'thesis ask "Write the profile' in text


def test_the_command_line_loads_nothing_heavy() -> None:
    heavy = "{'torch', 'transformers', 'pandas', 'jinja2', 'starlette', 'uvicorn'}"
    code = f"import sys, thesis.cli; print(*({heavy} & {{*sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
