"""Saved answers: their paths, their headers, and that nothing is lost."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from stages.collect.header import with_header
from stages.common.llm.written import Drawn
from tests.thesis.ask.fakes import GOOD, Reciting, reciting
from thesis.ask.answers import Answer
from thesis.ask.prompts import typed_prompt
from thesis.ask.saving import conversation_of, provenance_of, save, undo

HEADER_LIKE = ["---\nproduct: Claude\n---\n\n{}", "---\n", "\n---\n{}", "---", "\n\n{}\n\n", " {} "]


def answers(fake: Reciting, arm: int = 1, typed: str | None = None, **changes: Any) -> list[Answer]:
    prompt = typed_prompt(typed, fake.asked) if typed else fake.asked[0]
    return fake.answers(fake.columns[arm], prompt, fake.settings.changed(**changes))


def header(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8").split("\n---\n")[0].removeprefix("---\n"))
    return found


def test_its_path_and_its_header(fake: Reciting) -> None:
    [one] = answers(fake, first_draw=3, temperature=0.7, seed=5)
    [saved] = save([one])
    assert saved.path == Path("data/external/tiny+lora-interactive/original/free/01.md")
    assert saved.path.read_text("utf-8").endswith(f"---\n\n{GOOD}")
    found = header(saved.path)
    assert found.pop("date")
    assert found == {
        "product": "llama-thesis",
        "model": "tiny",
        "conversation": conversation_of(one),
        "adapter_sha256": "a" * 64,
        "seed": 5,
        "temperature": 0.7,
        "draw": 3,
        "constrained": False,
        "top_p": 1.0,
        "max_new_tokens": fake.params.max_new_tokens,
    }


def test_a_typed_prompt_is_saved_with_its_text(fake: Reciting) -> None:
    [saved] = save(answers(fake, arm=0, typed="Who?\n---\n: {x}"))
    assert saved.path.parent.name.startswith("typed-")
    assert saved.path.parts[-4:-2] == ("tiny-interactive", "none")
    assert header(saved.path)["prompt"] == "Who?\n---\n: {x}"


def test_a_constrained_draw_is_saved_as_such(fake: Reciting) -> None:
    fake.texts |= {"tiny+lora/original": GOOD}
    [saved] = save(answers(fake, constrained=True))
    assert saved.path.parts[-4] == "tiny+lora+constrained-interactive"
    assert header(saved.path)["constrained"] is True


def test_every_draw_is_a_conversation_of_its_own(fake: Reciting) -> None:
    found = [*answers(fake, draws=3), *answers(fake, arm=2), *answers(fake, seed=9)]
    found += [*answers(fake, temperature=0.5), *answers(fake, typed="Who?")]
    assert len({conversation_of(one) for one in found}) == len(found)


def test_the_same_draw_is_saved_once(fake: Reciting) -> None:
    [first] = save(answers(fake))
    [again, other] = save([*answers(fake), *answers(fake, first_draw=2)])
    assert (again.path, again.is_new) == (first.path, False)
    assert (other.path.name, other.is_new) == ("02.md", True)


def test_undo_removes_what_was_written(fake: Reciting) -> None:
    [first] = save(answers(fake))
    later = save(answers(fake, draws=2))
    assert [one.is_new for one in later] == [False, True]
    assert undo(later) == [later[1].path]
    assert first.path.exists()
    assert undo([first]) == [first.path]
    assert not first.path.parent.exists()
    assert undo([first]) == []


def test_undo_leaves_what_someone_has_changed(fake: Reciting) -> None:
    [saved] = save(answers(fake))
    saved.path.write_text("my own", "utf-8")
    assert undo([saved]) == []
    assert saved.path.read_text("utf-8") == "my own"


def test_the_text_survives(fake: Reciting) -> None:
    for text in HEADER_LIKE:
        [one] = answers(fake)
        [saved] = save([replace(one, drawn=Drawn(text, [7], "eos"))])
        assert body(saved.path.read_bytes().decode()) == text


@given(st.text(), st.text(min_size=1))
def test_any_text_survives_its_header(text: str, prompt: str) -> None:
    if typed := prompt.strip():
        [one] = answers(reciting(), typed=typed)
        assert body(with_header(provenance_of(one), text)) == text


def body(content: str) -> str:
    """The text after the first header, as `collect` reads it."""
    from stages.collect.header import _HEADER

    found = _HEADER.match(content)
    assert found
    return content[found.end() :]
