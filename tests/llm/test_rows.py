"""Attention of rows over shared prompts equals a plain softmax over all that each row sees."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from transformers import Cache
from transformers.cache_utils import DynamicLayer

from stages.common.llm.rows import Prompts, rows_attention
from stages.shell.errors import UserError

LAYER, SIZE = 1, 4


@dataclass
class Sizes:
    """Rows of each prompt and its tokens, heads, written tokens, and what the architecture asks for."""

    prompts: list[tuple[int, int]]
    """Number of rows and of tokens."""
    groups: int
    heads_each: int
    written: int
    window: int | None
    softcap: float | None
    scaling: float | None

    def __post_init__(self) -> None:
        self.n_rows = sum(rows for rows, _ in self.prompts)


SIZES = st.builds(
    Sizes,
    prompts=st.lists(st.tuples(st.integers(1, 3), st.integers(0, 6)), min_size=1, max_size=4),
    groups=st.integers(1, 3),
    heads_each=st.integers(1, 3),
    written=st.integers(1, 5),
    window=st.none() | st.integers(1, 12),
    softcap=st.none() | st.floats(0.5, 30),
    scaling=st.none() | st.floats(0.1, 2),
)


def drawn(*shape: int, seed: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def states(sizes: Sizes) -> tuple[Tensor, Tensor, Tensor, Prompts]:
    """Query, own keys and values, and the prompts' caches; another layer holds other numbers."""
    query = 3 * drawn(sizes.n_rows, sizes.groups * sizes.heads_each, 1, SIZE, seed=0)
    own = [drawn(sizes.n_rows, sizes.groups, sizes.written, SIZE, seed=seed) for seed in (1, 2)]
    caches = []
    for place, (_, n_tokens) in enumerate(sizes.prompts):
        cache = Cache(layer_class_to_replicate=DynamicLayer)
        for layer in range(LAYER + 1 if n_tokens else 0):
            first = 10 + 100 * place + 10 * layer
            keys, values = (drawn(1, sizes.groups, n_tokens, SIZE, seed=first + k) for k in (0, 1))
            cache.update(keys, values, layer)
        caches.append(cache)
    owners = [place for place, (rows, _) in enumerate(sizes.prompts) for _ in range(rows)]
    return query, own[0], own[1], Prompts(caches, owners)


def attended(sizes: Sizes, query: Tensor, key: Tensor, value: Tensor, read: Prompts) -> Tensor:
    how: Any = {"scaling": sizes.scaling, "sliding_window": sizes.window, "softcap": sizes.softcap}
    module: Any = SimpleNamespace(layer_idx=LAYER)
    return rows_attention(module, query, key, value, None, read=read, position_ids=None, **how)[0]


def dense(sizes: Sizes, query: Tensor, key: Tensor, value: Tensor, read: Prompts) -> Tensor:
    """The definition: one row and one head at a time, over all tokens that the row sees."""
    found = torch.empty(sizes.n_rows, 1, query.shape[1], SIZE, dtype=torch.float64)
    for row, owner in enumerate(read.owners):
        for head in range(query.shape[1]):
            group = head // sizes.heads_each
            keys, values = key[row, group], value[row, group]
            if sizes.prompts[owner][1]:
                layer: Any = read.caches[owner].layers[LAYER]
                keys = torch.cat([layer.keys[0, group], keys])
                values = torch.cat([layer.values[0, group], values])
            if sizes.window is not None:
                keys, values = keys[-sizes.window :], values[-sizes.window :]
            scores = keys @ query[row, head, 0] * (SIZE**-0.5 if sizes.scaling is None else sizes.scaling)
            if sizes.softcap is not None:
                scores = sizes.softcap * (scores / sizes.softcap).tanh()
            found[row, 0, head] = scores.softmax(0) @ values
    return found


@given(SIZES)
def test_equals_a_dense_softmax_over_prompt_and_row(sizes: Sizes) -> None:
    given_states = states(sizes)
    # scores are float32: 1e-5 is their rounding, with scores of up to 30
    torch.testing.assert_close(
        attended(sizes, *given_states), dense(sizes, *given_states), atol=2e-5, rtol=2e-5
    )


@given(SIZES)
def test_a_row_depends_on_its_prompt_and_itself_alone(sizes: Sizes) -> None:
    query, key, value, read = states(sizes)
    together = attended(sizes, query, key, value, read)
    row = sizes.n_rows - 1
    alone = Prompts(read.caches, read.owners[row:])
    one = attended(Sizes(**_fields(sizes)), query[row:], key[row:], value[row:], alone)
    torch.testing.assert_close(one, together[row:], atol=1e-5, rtol=1e-5)


@given(SIZES)
def test_nothing_that_was_read_is_changed(sizes: Sizes) -> None:
    before, after = states(sizes), states(sizes)
    attended(sizes, *after)
    assert all(torch.equal(a, b) for a, b in zip(before[:3], after[:3], strict=True))
    for one, other in zip(before[3].caches, after[3].caches, strict=True):
        layers: Any = zip(one.layers, other.layers, strict=True)
        for layer, same in layers:
            assert torch.equal(layer.keys, same.keys)
            assert torch.equal(layer.values, same.values)


def test_huge_scores_do_not_overflow() -> None:
    # exp(1000) is infinite: each side must be taken relative to the largest score of both
    sizes = Sizes([(1, 2)], 1, 1, 1, None, None, 1.0)
    query, key, value, read = states(sizes)
    for own, of_prompt in ((1000, -1000), (-1000, 1000)):
        key[:] = own * query / query.square().sum()
        layer: Any = read.caches[0].layers[LAYER]
        layer.keys[:] = of_prompt * query / query.square().sum()
        expected = value[0, 0, 0] if own > 0 else layer.values[0, 0].mean(0)
        torch.testing.assert_close(attended(sizes, query, key, value, read)[0, 0, 0], expected)


def test_an_unknown_argument_is_refused() -> None:
    sizes = Sizes([(1, 2)], 1, 1, 1, None, None, None)
    query, key, value, read = states(sizes)
    module: Any = SimpleNamespace(layer_idx=LAYER)
    with pytest.raises(UserError, match="s_aux"):
        rows_attention(module, query, key, value, None, read=read, s_aux=torch.ones(1))
    with pytest.raises(UserError, match="what each row has read"):
        rows_attention(module, query, key, value, None)


def _fields(sizes: Sizes) -> dict[str, Any]:
    return {name: getattr(sizes, name) for name in Sizes.__dataclass_fields__}
