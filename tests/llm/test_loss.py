"""Packed records have the losses and the gradients of a padded batch."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.common.llm import loss as loss_module
from stages.common.llm.attention import BRANCHED
from stages.common.llm.logits import Finish
from stages.common.llm.loss import head_nll, token_nll
from stages.common.llm.packing import pack
from stages.common.llm.template import TokenPair
from stages.train.lora import fuse
from tests.llm.fakes import N_VOCABULARY, float64_llama, lora_gradients, padded_nll, with_random_lora

TRUNK = [1, 7, 8, 9, 10]
BATCHES = {
    "a shared beginning": [
        TokenPair([*TRUNK, 20, 21], [30, 31, 32, 2]),
        TokenPair([*TRUNK, 22], [33, 2]),
        TokenPair([*TRUNK, 23, 24, 25, 26], [34, 35, 36, 37, 38, 2]),
    ],
    "nothing shared": [TokenPair([3, 4, 5], [6, 2]), TokenPair([5, 4], [7, 8, 9, 2]), TokenPair([9], [2])],
    "identical prompts": [
        TokenPair(TRUNK, [30, 2]),
        TokenPair(TRUNK, [31, 32, 33, 2]),
        TokenPair(TRUNK, [30, 2]),
    ],
    "one prompt begins the other": [TokenPair(TRUNK[:3], [9, 10, 2]), TokenPair(TRUNK, [30, 2])],
    "one record": [TokenPair(TRUNK, [30, 31, 2])],
    "one token of prompt": [TokenPair([1], [30, 2]), TokenPair([1], [31, 2])],
}
ids = st.integers(0, N_VOCABULARY - 1)
pair_lists = st.lists(
    st.builds(
        lambda shared, rest, completion: TokenPair([*TRUNK[:shared], *rest], completion),
        st.integers(0, len(TRUNK)),
        st.lists(ids, min_size=1, max_size=4),
        st.lists(ids, min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
def packed_llama() -> Any:
    return fuse(with_random_lora(float64_llama(BRANCHED)).train())


@pytest.fixture(scope="module")
def padded_llama() -> Any:
    return with_random_lora(float64_llama("sdpa")).train()


@pytest.fixture(scope="module")
def checkpointed_llama() -> Any:
    model = float64_llama(BRANCHED)
    model.enable_input_require_grads()
    model.gradient_checkpointing_enable({"use_reentrant": False})
    return fuse(with_random_lora(model).train())


def assert_same_losses_and_gradients(packed: Any, padded: Any, pairs: list[TokenPair]) -> None:
    nll, owner = token_nll(packed, pack(pairs))
    expected = padded_nll(padded, pairs)
    for record, of_record in enumerate(expected):
        torch.testing.assert_close(nll[owner == record], of_record, rtol=0, atol=1e-9)
    loss, expected_loss = nll.mean(), torch.cat(expected).mean()
    assert abs(loss.item() - expected_loss.item()) < 1e-9
    loss.backward()
    expected_loss.backward()
    gradients, expected_gradients = lora_gradients(packed), lora_gradients(padded)
    assert len(gradients) == 3 * 7 * 2  # layers, linear layers in each, A and B
    torch.testing.assert_close(gradients, expected_gradients, rtol=0, atol=1e-9)
    assert all(gradient.abs().max() > 1e-6 for gradient in gradients.values())


@pytest.mark.parametrize("batch", BATCHES)
def test_packed_equals_padded(packed_llama: Any, padded_llama: Any, batch: str) -> None:
    assert_same_losses_and_gradients(packed_llama, padded_llama, BATCHES[batch])


@pytest.mark.parametrize("batch", BATCHES)
def test_packed_equals_padded_with_gradient_checkpointing(
    checkpointed_llama: Any, padded_llama: Any, batch: str
) -> None:
    assert_same_losses_and_gradients(checkpointed_llama, padded_llama, BATCHES[batch])


def test_packed_equals_padded_whatever_number_of_logits_is_in_memory(
    packed_llama: Any, padded_llama: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss_module, "TOKENS_AT_ONCE", 3)  # of 12
    assert_same_losses_and_gradients(packed_llama, padded_llama, BATCHES["a shared beginning"])


def test_a_head_that_is_trained_learns() -> None:
    pairs = BATCHES["a shared beginning"]
    model = float64_llama(BRANCHED)
    model.lm_head.requires_grad_(True)
    nll, _ = token_nll(model, pack(pairs))
    torch.testing.assert_close(nll, torch.cat(padded_nll(float64_llama("sdpa"), pairs)), rtol=0, atol=1e-9)
    nll.mean().backward()
    assert model.lm_head.weight.grad.abs().max() > 1e-6


def test_checkpointing_really_computes_twice(checkpointed_llama: Any) -> None:
    calls = []
    norm = checkpointed_llama.get_base_model().model.layers[0].input_layernorm
    handle = norm.register_forward_hook(lambda *_: calls.append(1))
    nll, _ = token_nll(checkpointed_llama, pack(BATCHES["a shared beginning"]))
    nll.mean().backward()
    handle.remove()
    lora_gradients(checkpointed_llama)
    assert len(calls) == 2


@settings(max_examples=25)
@given(pair_lists)
def test_a_records_losses_do_not_depend_on_its_company(packed_llama: Any, pairs: list[TokenPair]) -> None:
    with torch.no_grad():
        nll, owner = token_nll(packed_llama, pack(pairs))
        for record, pair in enumerate(pairs):
            alone, _ = token_nll(packed_llama, pack([pair]))
            torch.testing.assert_close(nll[owner == record], alone, rtol=0, atol=1e-9)


def test_packed_equals_padded_in_plain_eager_attention(packed_llama: Any) -> None:
    # transformers' eager softmax is float32 in any model: 1e-5, not 1e-9
    pairs = BATCHES["a shared beginning"]
    expected = torch.cat(padded_nll(with_random_lora(float64_llama("eager")), pairs))
    torch.testing.assert_close(token_nll(packed_llama, pack(pairs))[0], expected, rtol=0, atol=1e-5)


def test_half_precision_losses_are_float32() -> None:
    model = float64_llama(BRANCHED).bfloat16()
    nll, _ = token_nll(model, pack(BATCHES["nothing shared"]))
    assert nll.dtype == torch.float32


@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize(
    "finish", [Finish(), Finish(scale=0.25), Finish(cap=3.0), Finish(scale=2.0, cap=1.5)], ids=str
)
def test_a_frozen_heads_gradient_is_autograds(
    finish: Finish, with_bias: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss_module, "TOKENS_AT_ONCE", 4)  # of 7
    draws = torch.Generator().manual_seed(5)
    hidden, weight = (torch.randn(n, 6, generator=draws, dtype=torch.float64) for n in (7, 11))
    hidden.requires_grad_(True)
    head = torch.nn.Linear(6, 11, bias=with_bias, dtype=torch.float64).requires_grad_(False)
    head.weight.copy_(weight)
    targets = torch.randint(11, (7,), generator=draws)
    assert torch.autograd.gradcheck(lambda h: head_nll(head, h, targets, finish), hidden)
    logits = finish.scale * head(hidden)
    logits = logits if finish.cap is None else finish.cap * torch.tanh(logits / finish.cap)
    expected = torch.nn.functional.cross_entropy(logits, targets, reduction="none")
    torch.testing.assert_close(head_nll(head, hidden, targets, finish), expected)
