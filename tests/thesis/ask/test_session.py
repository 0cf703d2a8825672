"""The session on the tiny Llama: its texts are those of `generate`."""

import shutil
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from stages.common.files import read_json, read_records, sha256_of, write_json
from stages.common.llm.written import Drawn
from stages.common.records import Completion
from stages.shell import checked
from stages.shell.errors import UserError
from thesis.ask.labels import label_of
from thesis.ask.loading import open_session
from thesis.ask.prompts import Prompt, chosen_prompt, typed_prompt
from thesis.ask.session import Session, arm_under


def texts(session: Session, label: str, prompt: Prompt, **changes: Any) -> list[str]:
    [arm] = session.chosen([label])
    drawn = session.stream(arm, prompt.id, prompt.text, session.settings.changed(**changes))
    return [one.text for one in drawn]


def generated(project: Path, arm: str, prompt_id: str) -> list[Completion]:
    rows = read_records(project / "data/generated/completions.jsonl", Completion)
    return [row for row in rows if (row.arm, row.prompt_id) == (arm, prompt_id)]


@pytest.mark.parametrize("constrained", [False, True])
def test_its_texts_are_those_of_generate(trained: Path, session: Session, constrained: bool) -> None:
    settings = session.settings.changed(draws=3, constrained=constrained)
    for arm in session.columns:
        for prompt in session.asked:
            expected = generated(trained, arm_under(settings, arm).name, prompt.id)
            assert len(expected) == 3
            answers = session.answers(arm, prompt, settings)
            assert [one.drawn.text for one in answers] == [row.text for row in expected]
            rows = [Completion.model_validate(_plain(one.as_json())) for one in answers]
            assert rows == expected


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in ("read", "verdict")}


def test_the_arms_and_draws_differ(session: Session) -> None:
    prompt = session.asked[0]
    found = [text for arm in session.columns for text in texts(session, label_of(arm), prompt, draws=3)]
    assert len(set(found)) == len(found)


def test_a_later_draw_is_the_same_alone(trained: Path, session: Session) -> None:
    prompt = session.asked[1]
    third = generated(trained, "tiny+lora/original", prompt.id)[2]
    assert texts(session, "original", prompt, first_draw=3) == [third.text]


def test_settings_matter(session: Session) -> None:
    prompt = session.asked[0]
    plain = texts(session, "base", prompt)
    assert texts(session, "base", prompt, seed=2) != plain
    assert texts(session, "base", prompt, temperature=0.01) != plain
    assert texts(session, "base", prompt, top_k=1) == texts(session, "base", prompt, top_k=1, seed=2)
    [longer] = texts(session, "base", prompt, max_new_tokens=12)
    assert longer.startswith(plain[0].rstrip("\ufffd"))


def test_a_typed_text_of_an_asked_prompt_is_that_prompt(session: Session) -> None:
    for prompt in session.asked:
        assert typed_prompt(f"\n {prompt.text}\n", session.asked) == prompt
        assert chosen_prompt(prompt.id, session.asked) == prompt
    typed = typed_prompt("Something else.", session.asked)
    assert (typed.is_typed, typed.text) == (True, "Something else.")
    assert typed.id != typed_prompt("Something else!", session.asked).id


@pytest.mark.parametrize("text", ["", " \n\t ", "\udcff"])
def test_a_missing_prompt_is_reported(session: Session, text: str) -> None:
    with pytest.raises(UserError, match=r"empty|UTF-8"):
        typed_prompt(text, session.asked)


def test_braces_and_markup_in_a_typed_prompt_are_text(session: Session) -> None:
    prompt = typed_prompt('As {"json"}: {fields} {} [red]x[/red] \x1b[31m <b>', session.asked)
    assert len(texts(session, "augmented", prompt)) == 1


def test_a_prompt_that_is_too_long_is_reported(session: Session) -> None:
    prompt = typed_prompt("a; " * 7000, session.asked)
    with pytest.raises(UserError, match=r"The prompt has \d+ tokens; tiny can read 8184 of them"):
        texts(session, "base", prompt)


def test_watch_sees_every_text_grow(session: Session) -> None:
    seen: list[list[Drawn]] = []
    prompt, settings = session.asked[0], session.settings.changed(draws=3)  # in batches of 2
    answers = session.answers(session.columns[1], prompt, settings, seen.append)
    assert seen[-1] == [answer.drawn for answer in answers]
    assert {len(row) for row in seen} == {2, 3}
    firsts = [row[0].text for row in seen]
    assert len(set(firsts)) > 3
    assert [row[0].n_tokens for row in seen] == sorted(row[0].n_tokens for row in seen)


def test_a_stopped_draw_leaves_the_session_as_it_was(trained: Path, session: Session) -> None:
    def stop(_: list[Drawn]) -> None:
        raise KeyboardInterrupt

    prompt = session.asked[0]
    with pytest.raises(KeyboardInterrupt):
        session.answers(session.columns[1], prompt, session.settings, stop)
    for arm in session.columns:
        assert texts(session, label_of(arm), prompt)[0] == generated(trained, arm.name, prompt.id)[0].text


def test_threads_take_turns(trained: Path, session: Session) -> None:
    found: dict[str, list[str]] = {}

    def ask(label: str) -> None:
        found[label] = texts(session, label, session.asked[2], draws=3)

    threads = [Thread(target=ask, args=[label_of(arm)]) for arm in session.columns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for arm in session.columns:
        expected = generated(trained, arm.name, session.asked[2].id)
        assert found[label_of(arm)] == [row.text for row in expected]


def test_without_adapters_the_base_alone_is_asked(project: Path, tmp_path: Path, monkeypatch: Any) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(project, copy)
    shutil.rmtree(copy / "models/adapters")
    monkeypatch.chdir(copy)
    alone = open_session(lambda _: None)
    assert [arm.name for arm in alone.columns] == ["tiny/none"]
    assert ["dvc repro" in notice for notice in alone.notices] == [True, True]
    expected = [row.text for row in generated(project, "tiny/none", alone.asked[0].id)]
    assert texts(alone, "base", alone.asked[0], draws=3) == expected
    with pytest.raises(UserError, match="original: this adapter is missing"):
        alone.chosen(["original"])


def test_an_adapter_of_another_base_is_left_out(project: Path, tmp_path: Path, monkeypatch: Any) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(project, copy)
    manifest = copy / "models/adapters/original/manifest.json"
    content = read_json(manifest)
    write_json(manifest, content | {"base": content["base"] | {"name": "other"}})
    monkeypatch.chdir(copy)
    session = open_session(lambda _: None)
    assert [label_of(arm) for arm in session.columns] == ["base", "augmented"]
    assert session.adapter_sha256 == {"augmented": sha256_of(copy / "models/adapters/augmented")}
    assert "trained on other" in session.notices[0]
    expected = generated(project, "tiny+lora/augmented", session.asked[0].id)[0].text
    assert texts(session, "augmented", session.asked[0]) == [expected]


def test_a_session_refuses_a_base_that_computes_differently(project: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(checked, "ROUNDING_OF_FLOAT32", -1.0)
    with pytest.raises(UserError, match="LlamaForCausalLM: our draws differ"):
        open_session(lambda _: None)


def test_an_unknown_arm_is_reported(session: Session) -> None:
    with pytest.raises(UserError, match="choose from: base, original, augmented"):
        session.chosen(["lora"])
