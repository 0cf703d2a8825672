"""Keys and values that grow in place are those that transformers' own cache holds."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers.cache_utils import DynamicLayer

from stages.common.llm.cache import RoomyLayer


@given(
    lengths=st.lists(st.integers(1, 5), min_size=1, max_size=12),
    rows=st.integers(1, 3),
    room=st.integers(0, 20),
)
def test_equals_the_layer_that_copies(lengths: list[int], rows: int, room: int) -> None:
    torch.manual_seed(0)
    roomy, plain = RoomyLayer(room), DynamicLayer()
    for number, length in enumerate(lengths):
        if number == 1:
            for layer in (roomy, plain):
                layer.batch_repeat_interleave(rows)
        states = torch.rand(rows if number else 1, 2, length, 4)
        for mine, theirs in zip(roomy.update(states, -states), plain.update(states, -states), strict=True):
            assert torch.equal(mine, theirs)
        assert roomy.get_seq_length() == plain.get_seq_length()


def test_stays_in_place_while_there_is_room() -> None:
    layer, states = RoomyLayer(5), torch.rand(1, 1, 7, 2)
    found = [layer.update(states[:, :, i : i + 1], states[:, :, i : i + 1])[0] for i in range(7)]
    assert torch.equal(found[-1], states)
    places = [keys.data_ptr() for keys in found]
    assert len(set(places[:5])) == 1
    assert places[5] != places[4]
