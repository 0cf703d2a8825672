"""Lengths in tokens, against what the params and the base allow."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from stages.common.llm.packing import common_prefix
from stages.common.llm.pairs import token_pairs, would_change
from stages.common.llm.template import NotKept, TokenPair, completion_ids, prompt_ids
from stages.common.prompts import asked_text
from stages.common.records import SPLITS
from stages.prepare.prepared import FILES, Prepared
from stages.shell.errors import UserError
from stages.train.manifest import PREPARED
from thesis.doctor.findings import Finding, mistake, ok, problem, warning
from thesis.doctor.project import Project

CHARACTERS_PER_TOKEN = 3
"""English prose has about 4, JSON with short words fewer. Used before the tokenizer is fetched."""
ANY_LENGTH = 10**9


@dataclass(frozen=True)
class Lengths:
    """Tokens of what is trained on, scored and asked."""

    counted: bool
    """False if estimated from characters, as the tokenizer is not fetched yet."""
    pairs: list[tuple[int, int]]
    """Prompt and completion of every person in training and validation."""
    longest: int
    """Prompt and completion together, of all splits."""
    shared: int
    """Tokens that all training prompts begin with."""
    asked: list[int]
    """Prompt of each arm, in the order of the arms."""

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


@lru_cache(maxsize=1)
def lengths_of(project: Project) -> Lengths:
    """Lengths by the base's tokenizer, or estimated from characters until it is fetched."""
    tokenizer = project.tokenizer
    counter = tokenizer or ByCharacter()
    template = "alpaca" if tokenizer is None else project.entry[1].template
    tokens: dict[str, list[TokenPair]] = {split: [] for split in SPLITS}
    for condition, splits in project.people.examples.items():
        for split, rows in splits.items():
            place = f"{PREPARED / condition / split}.jsonl"
            tokens[split] += token_pairs(counter, template, rows, ANY_LENGTH, place, shorter="")
    trained = [*tokens["train"], *tokens["validation"]]
    asked = [asked_text(prompt, project.schema) for prompt in project.asked]
    prompts = [arm.prompt(text) for arm in project.arms for text in asked]
    return Lengths(
        counted=tokenizer is not None,
        pairs=[(len(pair.prompt_ids), len(pair.completion_ids)) for pair in trained],
        longest=max(map(len, chain(*tokens.values()))),
        shared=len(common_prefix([pair.prompt_ids[:-1] for pair in trained])),
        asked=[len(prompt_ids(counter, template, prompt)) for prompt in prompts],
    )


class ByCharacter:
    """A stand-in for a tokenizer: one token every few characters."""

    eos_token_id = -1

    def __call__(self, text: str, **_: Any) -> dict[str, list[str]]:
        starts = range(0, len(text), CHARACTERS_PER_TOKEN)
        return {"input_ids": [text[start : start + CHARACTERS_PER_TOKEN] for start in starts]}

    def decode(self, ids: list[str], **_: Any) -> str:
        return "".join(ids)


def check(project: Project) -> list[Finding]:
    _ = project.folder, project.people, project.arms  # other checks report on these
    try:
        if found := not_kept(project.tokenizer, project.people):
            return found
        lengths = lengths_of(project)
    except UserError as error:
        return [mistake(str(error))]
    positions = project.shape.positions if project.shape else None
    return judge(lengths, project.train.max_length, project.generate.max_new_tokens, positions)


def not_kept(tokenizer: Any, people: Prepared) -> list[Finding]:
    """A problem for each file with records that the base's tokenizer would change."""
    found = []
    for condition, checked in people.checked.items() if tokenizer is not None else ():
        places = []
        for record in checked.records:
            try:
                completion_ids(tokenizer, record.text)
            except NotKept as error:
                places.append(f"record {record.position}: {error}")
        if places:
            found.append(mistake(str(would_change(str(FILES[condition]), len(checked.records), places))))
    return found


def judge(found: Lengths, max_length: int, max_new_tokens: int, positions: int | None) -> list[Finding]:
    """Compare counted lengths with the limits; estimated ones are not judged."""
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
        says = f"the longest prompt ({longest} tokens) and {max_new_tokens} new ones do not fit the base"
        remedy = "Lower generate.shots or max_new_tokens, or shorten the prompt"
        return [problem(f"{says}, which reads {positions}", remedy)]
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
