"""Keys and values that grow in place."""

from typing import Any

from torch import Tensor
from transformers.cache_utils import DynamicLayer


class RoomyLayer(DynamicLayer):
    """A layer that keeps room for the tokens to come.

    transformers' own copies all keys and values for every new token, which was more than half
    of the time of 30 draws on a CPU.
    """

    def __init__(self, n_tokens: int) -> None:
        """
        Args:
            n_tokens: tokens that there is room for from the beginning.
        """
        super().__init__()  # type: ignore[no-untyped-call]
        self.n_tokens = n_tokens
        self._room: tuple[Tensor, Tensor] | None = None

    def update(
        self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        """Shapes (B, K, n, D) of the new tokens to (B, K, N, D) of all."""
        n_seen = self.get_seq_length()
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        end = n_seen + key_states.shape[-2]
        keys, values = self._with_room(key_states, n_seen, end)
        keys[:, :, n_seen:end] = key_states
        values[:, :, n_seen:end] = value_states
        self.keys, self.values = keys[:, :, :end], values[:, :, :end]
        return self.keys, self.values

    def batch_select_indices(self, indices: Tensor) -> None:
        """Keep these rows; the storage of all is given back at once."""
        super().batch_select_indices(indices)
        self._room = None

    def _with_room(self, states: Tensor, n_seen: int, end: int) -> tuple[Tensor, Tensor]:
        """The storage behind keys and values, moved if it is too small or not theirs any more."""
        seen: Any = (self.keys, self.values)
        room = self._room
        if room is not None and room[0].data_ptr() == seen[0].data_ptr() and end <= room[0].shape[-2]:
            return room
        batch, heads, _, size = states.shape
        keys, values = (states.new_empty(batch, heads, max(end, self.n_tokens), size) for _ in range(2))
        if n_seen:
            keys[:, :, :n_seen], values[:, :, :n_seen] = seen
        self._room = keys, values
        return keys, values
