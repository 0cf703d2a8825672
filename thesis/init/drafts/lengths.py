"""Token limits for prompts and profiles, counted with the base's tokenizer or estimated without it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stages.common.records import Condition, Example
from stages.shell.errors import UserError

LONGEST = 200
"""Examples of each file whose tokens are counted: the longest."""
ROOM, STEP = 1.2, 16
"""Generated text may be longer than the examples; limits are multiples of STEP."""
FRAME = 120
"""Most tokens of the template around a prompt."""


@dataclass(frozen=True)
class Lengths:
    """Limits for params.yaml, and how they were found."""

    max_length: int
    max_new_tokens: int
    counted: bool
    """Whether the tokenizer counted; otherwise bytes did, which are at least as many as tokens."""


def lengths(examples: Mapping[Condition, Sequence[Example]]) -> Lengths:
    """Limits from the longest examples; nothing is downloaded for this."""
    longest = [one for rows in examples.values() for one in sorted(rows, key=_size)[-LONGEST:]]
    found = _counts(longest)
    sizes = found or [(len(one.prompt.encode()) + FRAME, len(one.completion.encode())) for one in longest]
    whole = max(prompt + completion + 1 for prompt, completion in sizes)
    completion = max(completion + 1 for _, completion in sizes)
    # without the tokenizer a byte may be a token; text has about 3 bytes per token, and 2 leave room
    new = completion * ROOM if found else completion / 2
    return Lengths(_up(whole * ROOM if found else whole), _up(new), bool(found))


def _counts(examples: Sequence[Example]) -> list[tuple[int, int]]:
    """Tokens of prompt and completion; [] if the base is not cached."""
    from stages.common.llm.bases import cached, load_base_entry  # lazily: they bring transformers

    name, base = load_base_entry()
    try:
        if cached(name, base) is None:
            return []
    except UserError:  # `thesis doctor` and the stages say what is wrong with the folder
        return []
    from stages.common.llm.loading import load_tokenizer
    from stages.common.llm.template import prompt_ids

    tokenizer = load_tokenizer(name, base)
    prompts = {one.prompt: 0 for one in examples}
    counts = {text: len(prompt_ids(tokenizer, base.template, text)) for text in prompts}
    return [
        (counts[one.prompt], len(tokenizer(one.completion, add_special_tokens=False)["input_ids"]))
        for one in examples
    ]


def _size(example: Example) -> int:
    return len(example.prompt) + len(example.completion)


def _up(number: float) -> int:
    return int(-(-number // STEP) * STEP)
