"""Prompt templates, and the seam between prompt and completion."""

from typing import Any

import pytest

from stages.common.llm.template import prompt_ids, token_pair
from stages.shell.errors import UserError

COMPLETION = '{"age":34,"summary":"Übt."}'


def test_alpaca(tokenizer: Any) -> None:
    # Stanford Alpaca's own train.py, PROMPT_DICT["prompt_no_input"]
    assert tokenizer.decode(prompt_ids(tokenizer, "alpaca", "Write {prompt}.")) == (
        "Below is an instruction that describes a task. "
        "Write a response that appropriately completes the request."
        "\n\n### Instruction:\nWrite {prompt}.\n\n### Response:\n"
    )


def test_llama_2_chat(tokenizer: Any) -> None:
    # Meta's own generation.py: f"{B_INST} {content} {E_INST}"; the blank after it belongs to the answer
    assert tokenizer.decode(prompt_ids(tokenizer, "llama-2-chat", "Write.")) == "[INST] Write. [/INST]"


def test_the_tokenizers_own_template(tokenizer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
    monkeypatch.setattr(tokenizer, "chat_template", turns + "{% if add_generation_prompt %}<bot>{% endif %}")
    assert tokenizer.decode(prompt_ids(tokenizer, "tokenizer", "Write.")) == "<user>Write.<bot>"


def test_a_tokenizer_without_template_says_what_to_use(tokenizer: Any) -> None:
    with pytest.raises(UserError, match="has none; use alpaca"):
        prompt_ids(tokenizer, "tokenizer", "Write.")


@pytest.mark.parametrize("template", ["alpaca", "llama-2-chat"])
def test_the_seam_is_the_same_in_training_and_generation(tokenizer: Any, template: str) -> None:
    pair = token_pair(tokenizer, template, "Write.", COMPLETION, max_length=1000)
    assert pair.prompt_ids == prompt_ids(tokenizer, template, "Write.")
    assert pair.completion_ids[-1] == tokenizer.eos_token_id
    assert tokenizer.decode(pair.completion_ids[:-1]) == COMPLETION
    assert tokenizer.eos_token_id not in pair.prompt_ids


def test_what_does_not_fit_is_refused_with_its_counts(tokenizer: Any) -> None:
    pair = token_pair(tokenizer, "alpaca", "Write.", COMPLETION, max_length=1000)
    n_prompt, n_completion = len(pair.prompt_ids), len(pair.completion_ids)
    assert token_pair(tokenizer, "alpaca", "Write.", COMPLETION, max_length=len(pair)) == pair
    counts = rf"^{len(pair)} tokens \(prompt {n_prompt}, completion {n_completion}\).*\({len(pair) - 1}\)"
    with pytest.raises(UserError, match=counts):
        token_pair(tokenizer, "alpaca", "Write.", COMPLETION, max_length=len(pair) - 1)


def test_an_end_mark_in_a_completion_ends_nothing(tokenizer: Any) -> None:
    pair = token_pair(tokenizer, "alpaca", "Write.", '{"summary":"</s>"}', max_length=1000)
    assert pair.completion_ids.index(tokenizer.eos_token_id) == len(pair.completion_ids) - 1
