"""The receipt of a draw: its ids end before the end mark, and its text is what they decode to."""

from itertools import pairwise
from typing import Any

import torch
from hypothesis import given
from hypothesis import strategies as st

from stages.common.llm.sampling import SamplingParams, draw
from stages.common.llm.template import prompt_ids
from stages.common.llm.written import drawn_of


@given(st.lists(st.integers(0, 599), max_size=12))
def test_text_is_what_the_ids_decode_to(tokenizer: Any, ids: list[int]) -> None:
    ids = [token % len(tokenizer) for token in ids]
    one, end = drawn_of(ids, tokenizer), tokenizer.eos_token_id
    assert one.text == tokenizer.decode(one.token_ids, clean_up_tokenization_spaces=False)
    assert one.ended == ("eos" if end in ids else "length")
    assert one.token_ids == ids[: ids.index(end) if end in ids else len(ids)]
    assert one.n_tokens == len(one.token_ids)


@given(st.text("aé日🙂", max_size=6), st.integers(0, 20))
def test_what_is_readable_grows_with_each_token(tokenizer: Any, text: str, more: int) -> None:
    """A byte of a character that is not yet whole is not shown, and nothing shown is taken back."""
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    shown = [drawn_of(ids[:n], tokenizer).readable for n in range(len(ids) + 1)]
    assert all(later.startswith(earlier) for earlier, later in pairwise(shown))
    assert shown[-1] == text
    assert drawn_of([*ids, tokenizer.eos_token_id, more], tokenizer).readable == text


def test_ids_of_a_draw_are_what_the_model_and_the_noise_give(llama: Any, tokenizer: Any) -> None:
    """One forward pass over prompt and receipt gives the logits that each token was drawn from."""
    ids = prompt_ids(tokenizer, "alpaca", "Write.")
    how = SamplingParams(temperature=0.05, top_p=1.0, top_k=None, max_new_tokens=9)
    for one in draw(llama, tokenizer, [ids] * 2, [1, 2], how):
        assert one.text == tokenizer.decode(one.token_ids, clean_up_tokenization_spaces=False)
        with torch.no_grad():
            logits = llama(input_ids=torch.tensor([ids + one.token_ids]), use_cache=False).logits[0]
        # to win with a logit 1 below the largest, its noise must be 20 above: 2 in 10^9 are
        of_drawn = logits[len(ids) - 1 : -1].gather(1, torch.tensor(one.token_ids)[:, None])[:, 0]
        assert (logits[len(ids) - 1 : -1].amax(-1) - of_drawn).max() < 1
