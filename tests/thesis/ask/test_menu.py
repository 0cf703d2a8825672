"""The conversation in the terminal, typed line by line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.thesis.ask.fakes import ASKED, GOOD, Reciting
from tests.thesis.ask.test_showing import console
from thesis.ask.menu import Menu


def talk(fake: Reciting, *lines: str, labels: list[str] | None = None) -> str:
    """What is shown while these lines are typed; then the input ends."""
    left: Iterator[str] = iter(lines)

    def read(question: str) -> str:
        for line in left:
            return line
        raise EOFError

    where = console(terminal=False)
    Menu(fake, fake.chosen(labels or []), fake.settings, where, read).run()
    assert [*left] == []
    return where.file.getvalue()


def asked(fake: Reciting) -> list[tuple[str, int]]:
    """Prompt and draw of everything that one arm drew."""
    return [(prompt_id, s.first_draw) for arm, prompt_id, _, s in fake.calls if arm.endswith("none")]


def files() -> list[str]:
    root = Path("data/external")
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_choosing_a_prompt_then_next_then_again_then_another_prompt(fake: Reciting) -> None:
    talk(fake, "1", "n", "", "again", "p", "2", "q")
    assert asked(fake) == [("free", 1), ("free", 2), ("free", 3), ("free", 3), ("north", 1)]
    assert [arm for arm, *_ in fake.calls[:3]] == [arm.name for arm in fake.columns]


def test_a_prompt_of_ones_own_over_several_lines(fake: Reciting) -> None:
    talk(fake, "Who are you?", "Tell me.", "", "q")
    assert {text for _, _, text, _ in fake.calls} == {"Who are you?\nTell me."}
    assert asked(fake)[0][0].startswith("typed-")


def test_a_typed_text_of_the_list_has_its_name(fake: Reciting) -> None:
    talk(fake, *ASKED[1].text.splitlines(), "")
    assert asked(fake) == [("north", 1)]


def test_mistakes_are_shown_and_the_menu_continues(fake: Reciting) -> None:
    text = talk(fake, "7", "", "1", "x", "s west", "u", "q")
    assert "The list has no prompt 7" in text
    assert "The prompt is empty" in text
    assert "'x' is not an action" in text
    assert "There is no column 'west'" in text
    assert "There is no save to undo" in text
    assert asked(fake) == [("free", 1)]


def test_change_settings(fake: Reciting) -> None:
    lines = ["temperature 0.5 seed=7", "top_k 3", "top_k none", "temperature 0", "colour red", "seed", ""]
    text = talk(fake, "1", "c", *lines, "n", "q")
    last = fake.calls[-1][3]
    assert (last.temperature, last.seed, last.top_k, last.first_draw) == (0.5, 7, None, 2)
    for told in (
        "Temperature must be above 0. You typed 0.",
        "There is no setting colour.",
        "as in: temperature 0.7",
    ):
        assert told in text


def test_constrained_draws_are_those_of_another_arm(fake: Reciting) -> None:
    talk(fake, "1", "c", "constrained yes", "", "a", "s", "q")
    assert fake.calls[-1][3].constrained
    assert {file.split("/")[0] for file in files()} == {
        "tiny+constrained-interactive",
        "tiny+lora+constrained-interactive",
    }


def test_save_all_some_and_undo(fake: Reciting) -> None:
    talk(fake, "1", "s original", "c", "draws 3", "first_draw 1", "", "a", "s augmented 2", "q")
    assert files() == [
        "tiny+lora-interactive/augmented/free/01.md",
        "tiny+lora-interactive/original/free/01.md",
    ]
    text = talk(fake, "1", "save", "undo", "undo", "q")
    assert "kept: it is older" in text
    assert len(files()) == 2


def test_save_everything_that_is_shown(fake: Reciting) -> None:
    talk(fake, "1", "s", "q")
    assert len(files()) == 3


def test_ctrl_c_stops_a_draw_and_the_menu_continues(fake: Reciting) -> None:
    def stop() -> None:
        fake.on_token = lambda: None
        raise KeyboardInterrupt

    fake.on_token = stop
    text = talk(fake, "1", "s", "a", "q")
    assert "Stopped" in text
    assert "There is nothing to save" in text
    assert files() == []
    assert len(fake.calls) == 4  # one was stopped, then three columns


def test_ctrl_c_leaves_what_was_written_and_it_can_be_saved(fake: Reciting) -> None:
    n_chunks = len(GOOD) // 20 + 1  # the recited text grows by 20 letters at a time
    left = iter(range(n_chunks + 2))  # all of the base, and two pieces of the adapter on original

    def stop() -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    fake.on_token = stop
    text = talk(fake, "1", "s", "q")
    assert "What was written is kept" in text
    assert files() == ["tiny+lora-interactive/original/free/01.md", "tiny-interactive/none/free/01.md"]
    saved = Path("data/external", files()[0]).read_text("utf-8")
    assert saved.rstrip().endswith(GOOD[:21])
    assert "max_new_tokens: 2" in saved


def test_ctrl_c_at_the_menu_ends(fake: Reciting) -> None:
    def read(_: str) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Menu(fake, fake.columns, fake.settings, console(), read).run()


def test_some_columns(fake: Reciting) -> None:
    talk(fake, "1", labels=["original"])
    assert [arm for arm, *_ in fake.calls] == ["tiny+lora/original"]
