"""From text to token ids: prompt templates, and the seam between prompt and completion."""

from dataclasses import dataclass
from typing import Any

from stages.shell.errors import UserError

PLAIN_TEMPLATES = {
    # Taori et al. 2023, Stanford Alpaca, the form without input
    "alpaca": (
        "Below is an instruction that describes a task. Write a response that appropriately "
        "completes the request.\n\n### Instruction:\n{prompt}\n\n### Response:\n"
    ),
    # Touvron et al. 2023, Llama 2, without a system message; its tokenizer begins the answer with a blank
    "llama-2-chat": "[INST] {prompt} [/INST]",
}


@dataclass(frozen=True)
class TokenPair:
    """A prompt and its completion as token ids; the completion ends with EOS."""

    prompt_ids: list[int]
    completion_ids: list[int]

    def __len__(self) -> int:
        return len(self.prompt_ids) + len(self.completion_ids)


def prompt_ids(tokenizer: Any, template: str, prompt: str) -> list[int]:
    """Ids of the prompt in its template, up to where the completion begins.

    Prompt and completion are tokenised apart, in training as in generation: the seam is
    then the same in both.
    """
    if template in PLAIN_TEMPLATES:
        return list(tokenizer(PLAIN_TEMPLATES[template].replace("{prompt}", prompt))["input_ids"])
    if not tokenizer.chat_template:
        raise UserError("models/bases.yaml: template: tokenizer, but this one has none; use alpaca")
    turns = [{"role": "user", "content": prompt}]
    text = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def token_pair(tokenizer: Any, template: str, prompt: str, completion: str, max_length: int) -> TokenPair:
    """Both sides as ids, the completion with EOS.

    Raises:
        UserError: if they are longer than `max_length` together. Cutting would take the
            EOS away, and a model that never saw one never ends.
    """
    ids = list(tokenizer(completion, add_special_tokens=False)["input_ids"])
    if tokenizer.eos_token_id in ids:
        raise UserError(
            f"a completion contains the end-of-text mark {tokenizer.eos_token!r}: {completion[:80]!r}…"
        )
    pair = TokenPair(prompt_ids(tokenizer, template, prompt), [*ids, tokenizer.eos_token_id])
    if len(pair) > max_length:
        raise UserError(
            f"{len(pair)} tokens (prompt {len(pair.prompt_ids)}, completion {len(pair.completion_ids)}) "
            f"are more than max_length ({max_length}): {completion[:60]!r}…"
        )
    return pair
