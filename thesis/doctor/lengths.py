"""Lengths in tokens, against what the params and the base allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from stages.common.llm.packing import common_prefix
from stages.common.llm.template import TokenPair, prompt_ids, token_pair
from stages.common.prompts import AskedPrompt, asked_text
from stages.common.records import SPLITS
from stages.common.schema import ProfileSchema
from stages.generate.arms import Arm
from stages.prepare.__main__ import RAW
from stages.report.numbers import many
from thesis.doctor.findings import Finding, ok, problem, warning
from thesis.doctor.people import Prepared

if TYPE_CHECKING:
    from thesis.doctor.study import Study


CHARACTERS_PER_TOKEN = 3
"""Of English prose about 4, of JSON with short words fewer; used before the tokenizer is there."""
ANY_LENGTH = 10**9
MOST_NAMED = 5
"""Records that a finding names."""


@dataclass(frozen=True)
class Lengths:
    """Tokens of what is trained on, scored and asked."""

    counted: bool
    """False: from the number of characters, as the tokenizer is not there yet."""
    pairs: list[tuple[int, int]]
    """Prompt and completion of every person in training and validation."""
    longest: int
    """Prompt and completion together, of all splits."""
    shared: int
    """With which all training prompts begin."""
    asked: list[int]
    """Of each arm and prompt, in the order of the arms."""

    @property
    def longest_trained(self) -> int:
        return max(map(sum, self.pairs))

    @property
    def longest_completion(self) -> int:
        return max(completion for _, completion in self.pairs)

    def pack(self, n_records: int) -> int:
        """Tokens of a pack of n records of mean length."""
        own = sum(map(sum, self.pairs)) / len(self.pairs) - self.shared
        return round(self.shared + n_records * own)


def measured(
    tokenizer: Any,
    template: str,
    people: Prepared,
    arms: Sequence[Arm],
    asked: Sequence[AskedPrompt],
    schema: ProfileSchema,
) -> Lengths:
    """With the base's tokenizer, or by characters if it is None."""
    counter = tokenizer or ByCharacter()
    template = template if tokenizer is not None else "alpaca"
    tokens: dict[str, list[TokenPair]] = {split: [] for split in SPLITS}
    for splits in people.examples.values():
        for split, rows in splits.items():
            tokens[split] += [token_pair(counter, template, e.prompt, e.completion, ANY_LENGTH) for e in rows]
    trained = [*tokens["train"], *tokens["validation"]]
    prompts = [arm.prompt(asked_text(prompt, schema)) for arm in arms for prompt in asked]
    return Lengths(
        counted=tokenizer is not None,
        pairs=[(len(pair.prompt_ids), len(pair.completion_ids)) for pair in trained],
        longest=max(map(len, chain(*tokens.values()))),
        shared=len(common_prefix([pair.prompt_ids[:-1] for pair in trained])),
        asked=[len(prompt_ids(counter, template, prompt)) for prompt in prompts],
    )


class ByCharacter:
    """Stands for a tokenizer: one token every few characters."""

    eos_token_id = -1
    eos_token = ""

    def __call__(self, text: str, **_: Any) -> dict[str, list[str]]:
        starts = range(0, len(text), CHARACTERS_PER_TOKEN)
        return {"input_ids": [text[start : start + CHARACTERS_PER_TOKEN] for start in starts]}


def check(study: "Study") -> list[Finding]:
    if marks := marks_in_records(study.tokenizer, study.people):
        return marks
    positions = study.shape.positions if study.shape else None
    return judge(study.lengths, study.train.max_length, study.generate.max_new_tokens, positions)


def marks_in_records(tokenizer: Any, people: Prepared) -> list[Finding]:
    """A problem for each file with records in which the tokenizer's end mark stands as text."""
    mark = getattr(tokenizer, "eos_token", None)
    if not mark:
        return []
    found = []
    for condition, checked in people.checked.items():
        places = [
            f"record {record.position}, {_place(record.profile, mark)}"
            for record in checked.records
            if mark in record.text
        ]
        if places:
            more = f" and {len(places) - MOST_NAMED} more" if len(places) > MOST_NAMED else ""
            says = (
                f"{RAW / condition}.json: the base's end mark {mark} stands in {many(len(places), 'record')}"
            )
            listed = "; ".join(places[:MOST_NAMED])
            remedy = (
                f"Take {mark} out of these records: it would end a profile there, and training stops on it"
            )
            found.append(problem(f"{says}: {listed}{more}", remedy))
    return found


def _place(value: Any, mark: str) -> str:
    """The path of the first text or key that holds the mark."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        if mark in str(key) or (isinstance(inner, str) and mark in inner):
            return str(key)
        if rest := _place(inner, mark):
            return f"{key}.{rest}"
    return ""


def judge(found: Lengths, max_length: int, max_new_tokens: int, positions: int | None) -> list[Finding]:
    """Nothing is said of lengths that are only guessed."""
    if not found.counted:
        return [ok("not checked: the tokenizer is fetched with the base, at the first run")]
    findings = [*_training(found, max_length), *_asked(found, max_new_tokens, positions)]
    if positions is not None and found.longest > positions:
        says = f"the longest record has {found.longest} tokens; the base reads {positions}"
        findings.append(problem(says, "Shorten profiles or prompts"))
    return findings


def _training(found: Lengths, max_length: int) -> list[Finding]:
    n_long = sum(sum(pair) > max_length for pair in found.pairs)
    says = f"the longest training record has {found.longest_trained} tokens, max_length is {max_length}"
    if n_long:
        remedy = f"train.common.max_length: {found.longest_trained} or more in params.yaml"
        return [problem(f"{says}: {n_long} of {len(found.pairs)} do not fit", remedy)]
    return [ok(says)]


def _asked(found: Lengths, max_new_tokens: int, positions: int | None) -> list[Finding]:
    longest = max(found.asked)
    if positions is not None and longest + max_new_tokens > positions:
        says = f"the longest prompt ({longest} tokens) and {max_new_tokens} new ones are more than the base's"
        return [
            problem(f"{says} {positions}", "Lower generate.shots or max_new_tokens, or shorten the prompt")
        ]
    if found.longest_completion > max_new_tokens:
        n_cut = sum(completion > max_new_tokens for _, completion in found.pairs)
        return [
            warning(
                f"{n_cut} of {len(found.pairs)} training profiles are longer than generate.max_new_tokens "
                f"({max_new_tokens}): completions like them are cut off, and count as invalid",
                f"generate.max_new_tokens: {found.longest_completion} or more",
            )
        ]
    return [ok(f"the longest prompt has {longest} tokens, the longest profile {found.longest_completion}")]
