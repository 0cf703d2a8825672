"""Keys and values that grow in place are those that transformers' own cache holds."""

from typing import Any

import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers.cache_utils import DynamicLayer

from stages.common.llm import cache
from stages.common.llm.cache import RoomyLayer


@given(lengths=st.lists(st.integers(1, 5), min_size=1, max_size=12), rows=st.integers(1, 3))
def test_equals_the_layer_that_copies(lengths: list[int], rows: int) -> None:
    torch.manual_seed(0)
    roomy, plain = RoomyLayer(), DynamicLayer()
    for number, length in enumerate(lengths):
        if number == 1:
            for layer in (roomy, plain):
                layer.batch_repeat_interleave(rows)
        states = torch.rand(rows if number else 1, 2, length, 4)
        for mine, theirs in zip(roomy.update(states, -states), plain.update(states, -states), strict=True):
            assert torch.equal(mine, theirs)
        assert roomy.get_seq_length() == plain.get_seq_length()


def test_moves_when_its_room_is_used_up(monkeypatch: Any) -> None:
    monkeypatch.setattr(cache, "ROOM", 2)
    layer, states = RoomyLayer(), torch.rand(1, 1, 7, 2)
    found = [layer.update(states[:, :, i : i + 1], states[:, :, i : i + 1])[0] for i in range(7)]
    assert torch.equal(found[-1], states)
    assert torch.equal(found[2], states[:, :, :3])
