"""What glibc is told about large blocks."""

import pytest

from stages.common import llm


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[int, int]]:
    """Options in the order in which they are set; none reaches malloc."""
    options: list[dict[int, int]] = []
    monkeypatch.setattr(llm, "_set", options.append)
    monkeypatch.setattr(llm, "_usual", llm.KEPT)
    return options


def test_blocks_are_given_back_for_a_moment(told: list[dict[int, int]]) -> None:
    with llm.memory_given_back():
        assert told == [llm.GIVEN_BACK]
    assert told == [llm.GIVEN_BACK, llm.KEPT]


def test_a_moment_does_not_end_what_lasts(told: list[dict[int, int]]) -> None:
    llm.give_memory_back()
    with llm.memory_given_back():
        pass
    assert told == [llm.GIVEN_BACK] * 3
