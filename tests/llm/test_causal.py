"""Attention that is left to `is_causal` leaks in some versions on Metal; under our mask it cannot."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS

from stages.common.llm.attention import BRANCHED
from stages.common.llm.causal import causal_attention
from stages.common.llm.decoding import rows_after
from stages.common.llm.loss import token_nll
from stages.common.llm.packing import pack
from stages.common.llm.sampling import SamplingParams, draw
from tests.leaking import call_it_metal, leak
from tests.llm.fakes import N_VOCABULARY, float64_llama
from tests.llm.test_loss import BATCHES

IDS = [7 * i % N_VOCABULARY for i in range(38)]
PARAMS = SamplingParams(temperature=1.0, top_p=1.0, top_k=None, max_new_tokens=20)


class Words:
    """A tokenizer whose words are the ids."""

    eos_token_id = 2

    def get_vocab(self) -> dict[str, int]:
        return {str(word): word for word in range(N_VOCABULARY)}

    def decode(self, ids: list[int], **_: Any) -> str:
        return " ".join(map(str, ids))


@torch.no_grad()
def losses_of_a_pack() -> Any:
    return token_nll(float64_llama(BRANCHED), pack(BATCHES["a shared beginning"]))[0]


@torch.no_grad()
def logits_of_the_plain_model() -> Any:
    return float64_llama("sdpa")(input_ids=torch.tensor([IDS]), use_cache=False).logits


@torch.no_grad()
def values_of_the_prefill() -> Any:
    with rows_after(float64_llama("sdpa"), [[*IDS, 0]], 1) as rows:
        last: Any = rows.read.caches[0].layers[-1]
    return last.values


def draws() -> Any:
    prompts = [[*IDS, row] for row in range(3)]
    drawn = draw(float64_llama("sdpa"), Words(), prompts, [1, 2, 3], PARAMS)
    written = [[int(word) for word in one.text.split()] for one in drawn]
    return torch.tensor([[*ids, *[0] * (PARAMS.max_new_tokens - len(ids))] for ids in written])


WORK = pytest.mark.parametrize(
    "work", [losses_of_a_pack, logits_of_the_plain_model, values_of_the_prefill, draws]
)


@WORK
def test_on_metal_attention_never_relies_on_is_causal(
    work: Callable[[], Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = work()
    call_it_metal(monkeypatch)
    leak(monkeypatch)
    torch.testing.assert_close(work(), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("work", [losses_of_a_pack, logits_of_the_plain_model, values_of_the_prefill])
def test_the_leak_would_be_seen(work: Callable[[], Tensor], monkeypatch: pytest.MonkeyPatch) -> None:
    expected = work()
    leak(monkeypatch)
    assert (work() - expected).abs().max() > 1e-3


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_an_earlier_token_does_not_see_a_later_one(
    dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_it_metal(monkeypatch)
    leak(monkeypatch)
    query, key, value = torch.randn(3, 1, 2, 70, 8, generator=torch.Generator().manual_seed(0)).to(dtype)
    before = causal_attention(query, key, value, None)
    value[:, :, 67:] += 1
    after = causal_attention(query, key, value, None)
    assert torch.equal(before[:, :, :67], after[:, :, :67])
    assert not torch.equal(before[:, :, 67:], after[:, :, 67:])


@pytest.mark.parametrize(("metal", "length", "made"), [(False, 9, False), (True, 9, True), (True, 1, False)])
def test_transformers_makes_a_mask_only_on_metal(
    metal: bool, length: int, made: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if metal:
        call_it_metal(monkeypatch)
    make = ALL_MASK_ATTENTION_FUNCTIONS["sdpa"]
    mask = make(batch_size=1, q_length=length, kv_length=length, device=torch.device("cpu"))
    assert (mask is not None) == made
