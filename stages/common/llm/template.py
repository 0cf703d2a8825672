"""Token ids of a text: prompt templates, and the seam between prompt and completion."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any
from unicodedata import normalize

from stages.common.llm.chat import chat_ids
from stages.common.llm.marks import marks_of, text_of
from stages.shell.errors import UserError

DROPPED = ("\U000f0000", "\U000f0001")
"""Private-use characters with which transformers marks places in a chat template."""
PLAIN_TEMPLATES = {
    # Taori et al. 2023, Stanford Alpaca, the form without input
    "alpaca": (
        "Below is an instruction that describes a task. Write a response that appropriately "
        "completes the request.\n\n### Instruction:\n{prompt}\n\n### Response:\n"
    ),
    # Touvron et al. 2023, Llama 2, without a system message; its tokenizer begins the answer with a blank
    "llama-2-chat": "[INST] {prompt} [/INST]",
}
_SHOWN = 20
"""Number of characters of a text that a message shows."""


class NotKept(UserError):
    """A text that the base's tokenizer would change."""


class TooLong(UserError):
    """A record with more tokens than fit."""


@dataclass(frozen=True)
class TokenPair:
    """A prompt and its completion as token ids; the completion ends with the end mark."""

    prompt_ids: list[int]
    completion_ids: list[int]

    def __len__(self) -> int:
        return len(self.prompt_ids) + len(self.completion_ids)


def prompt_ids(tokenizer: Any, template: str, prompt: str) -> list[int]:
    """Ids of the prompt in its template, up to where the completion begins.

    Prompt and completion are tokenized apart, in training as in generation: the seam is
    then the same in both. Control tokens come from the template alone, never from the prompt.

    Raises:
        NotKept: the tokenizer loses a part of the prompt; it may change case and white space.
        UserError: the tokenizer has no chat template, or one that fails.
    """
    _refuse_lost(tokenizer, prompt)
    if template in PLAIN_TEMPLATES:
        return _without_ending(tokenizer, PLAIN_TEMPLATES[template].replace("{prompt}", prompt))
    if taken := [mark for mark in DROPPED if mark in prompt]:
        told = ", ".join(map(ascii, taken))
        raise NotKept(f"transformers drops {told} from prompts in chat templates: {prompt[:60]!r}…")
    return chat_ids(tokenizer, prompt)


def token_pair(tokenizer: Any, template: str, prompt: str, completion: str, max_length: int) -> TokenPair:
    """Ids of prompt and completion, the completion with its end mark.

    Raises:
        NotKept: the tokenizer would change a text.
        TooLong: if they are longer than `max_length` together. Cutting would take the
            end mark away, and a model that never saw one never ends.
    """
    ids = [*completion_ids(tokenizer, completion), marks_of(tokenizer).end]
    pair = TokenPair(prompt_ids(tokenizer, template, prompt), ids)
    if len(pair) > max_length:
        raise TooLong(
            f"{len(pair)} tokens (prompt {len(pair.prompt_ids)}, completion {len(pair.completion_ids)}) "
            f"are more than max_length ({max_length}): {completion[:60]!r}…"
        )
    return pair


def completion_ids(tokenizer: Any, completion: str) -> list[int]:
    """Ids of a completion, without its end mark. Decoding them gives the same text.

    Raises:
        NotKept: decoding gives another text.
    """
    ids = _without_control(tokenizer, completion)
    _refuse_change(completion, text_of(ids, tokenizer))
    return ids


def text_ids(tokenizer: Any, text: str, **more: Any) -> Any:
    """Encoding of a person's text without control tokens: `<s>` in it is three characters."""
    return tokenizer(text, add_special_tokens=False, split_special_tokens=True, **more)


def _without_control(tokenizer: Any, text: str) -> list[int]:
    """Ids of a person's text; NotKept names what would still become a control token."""
    ids = list(text_ids(tokenizer, text)["input_ids"])
    control = marks_of(tokenizer).control
    if not control.isdisjoint(ids):
        spans = text_ids(tokenizer, text, return_offsets_mapping=True)["offset_mapping"]
        lost = {text[low:high]: i for i, (low, high) in zip(ids, spans, strict=True) if i in control}
        names = tokenizer.convert_ids_to_tokens(list(lost.values()))
        said = [f"{part[:_SHOWN]!r} would become {name}" for part, name in zip(lost, names, strict=True)]
        raise NotKept(", ".join(said[:3]))
    return ids


def _refuse_lost(tokenizer: Any, prompt: str) -> None:
    try:
        kept = text_of(_without_control(tokenizer, prompt), tokenizer)
        _refuse_change(*("".join(normalize("NFKC", text).casefold().split()) for text in (prompt, kept)))
    except NotKept as error:
        where = f"the prompt {prompt[:60]!r}…"
        raise NotKept(f"the base's tokenizer would change {where}: {error}") from None


def _refuse_change(text: str, kept: str) -> None:
    if kept != text:
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(text, kept, strict=False))
        start = max(0, len(list(alike)) - _SHOWN // 2)
        was, becomes = (one[start : start + _SHOWN] for one in (text, kept))
        look_alike = normalize("NFC", was) == normalize("NFC", becomes)
        raise NotKept("{} would become {}".format(*map(ascii if look_alike else repr, (was, becomes))))


def _without_ending(tokenizer: Any, text: str) -> list[int]:
    """Ids with the mark that begins a text, but without one that ends it, since the completion follows."""
    body = list(text_ids(tokenizer, text)["input_ids"])
    whole = list(tokenizer(text, split_special_tokens=True)["input_ids"])
    return whole[: _place(body, whole) + len(body)]


def _place(part: Sequence[int], whole: Sequence[int]) -> int:
    n = len(part)
    return next(start for start in range(len(whole)) if list(whole[start : start + n]) == list(part))
