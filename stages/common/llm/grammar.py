"""Decoding under a grammar: nothing can be written but a profile of the schema.

At each step, the tokens that cannot continue the object are masked (Willard & Louf 2023,
Efficient Guided Generation for Large Language Models). xgrammar does the work (Dong et al. 2024).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from stages.common.llm.marks import marks_of
from stages.common.schema import ProfileSchema
from stages.shell.errors import UserError

_NOT_KEPT = {"if", "then", "else", "not", "format", "uniqueItems", "contains", "minContains", "maxContains"}
_NOT_KEPT |= {"dependentRequired", "dependentSchemas", "unevaluatedItems", "unevaluatedProperties"}
_WORDS = {"title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment"}
IGNORED = _NOT_KEPT | _WORDS
"""Keywords that the grammar ignores: a constrained profile may still break what they ask for."""
_LENGTHS = {"minLength", "maxLength"}
"""Keywords that are dropped from a text with a pattern."""
_MAPS = {"properties", "$defs"}
"""Keywords whose keys are names, and no keywords."""
_VALUES = {"enum", "const"}
"""Keywords that hold values, and no schemas."""


@dataclass(frozen=True)
class Grammar:
    """What may be written, compiled for one tokenizer."""

    compiled: Any
    """xgrammar's."""
    first: Mapping[int, bytes]
    """Tokens that a completion may begin with, and what of the object they say; empty if any that fit.

    Llama 2's tokenizer puts a blank before every text, and decoding takes it away: `▁{`, the token with
    which all training completions begin, is one that no object begins with.
    """


def grammar_of(schema: ProfileSchema, tokenizer: Any, vocab_size: int) -> Grammar:
    """The grammar of a profile, written as training completions are: compact, keys in the schema's order.

    Args:
        vocab_size: width of the logits, which can be more than the tokenizer knows.

    Raises:
        UserError: if xgrammar is not installed, or cannot read the schema.
    """
    try:
        import xgrammar
    except ImportError:
        raise UserError(
            "Constrained decoding needs xgrammar, which is not installed\n"
            'Install it: pip install -c requirements.lock -e ".[constrained]"'
        ) from None
    known = xgrammar.TokenizerInfo.from_huggingface(
        tokenizer, vocab_size=vocab_size, stop_token_ids=sorted(marks_of(tokenizer).stops)
    )
    try:
        # in one go: Grammar.from_json_schema of xgrammar 0.2.8 reads ß before an e as one letter
        compiled = xgrammar.GrammarCompiler(known).compile_json_schema(
            grammatical(schema.node), any_whitespace=False, separators=(",", ":"), strict_mode=True
        )
    except RuntimeError as error:
        # it begins with the time and a place in xgrammar's own source
        found = re.sub(r"^\[[\d:]+\] \S+ ", "", str(error).strip())
        raise UserError(
            f"The profile schema cannot be compiled to a grammar: {found}\n"
            "Rephrase it in the schema, or set constrained: false"
        ) from None
    ids = tokenizer("{", add_special_tokens=False)["input_ids"]
    lead = b"".join(known.decoded_vocab[i] for i in ids).removesuffix(b"{")
    return Grammar(compiled, _after(lead, known.decoded_vocab, compiled) if lead else {})


def _after(lead: bytes, vocabulary: Sequence[bytes], compiled: Any) -> dict[int, bytes]:
    """The tokens that say `lead` and nothing or the beginning of the object, with the latter."""
    from xgrammar import GrammarMatcher

    said = {i: text.removeprefix(lead) for i, text in enumerate(vocabulary) if text.startswith(lead)}
    begun = {i: rest for i, rest in said.items() if rest[:1] in (b"", b"{")}
    return {i: rest for i, rest in begun.items() if GrammarMatcher(compiled).accept_string(rest)}


def grammatical(node: Any) -> Any:
    """A schema without what says nothing to the grammar.

    >>> grammatical({"x-rules": [], "properties": {"if": {"type": "null", "x-role": "text"}}})
    {'properties': {'if': {'type': 'null'}}}
    """
    if isinstance(node, list):
        return [grammatical(inner) for inner in node]
    if not isinstance(node, Mapping):
        return node
    ignored = IGNORED | (_LENGTHS if "pattern" in node else set())
    kept = {key: value for key, value in node.items() if key not in ignored and not key.startswith("x-")}
    return {key: _within(key, value) for key, value in kept.items()}


def _within(key: str, value: Any) -> Any:
    if key in _VALUES:
        return value
    return {name: grammatical(one) for name, one in value.items()} if key in _MAPS else grammatical(value)


class Constraint:
    """Masks in row b the tokens that cannot continue its object."""

    def __init__(self, grammar: Grammar, n_rows: int) -> None:
        from xgrammar import GrammarMatcher

        self.matchers = [GrammarMatcher(grammar.compiled) for _ in range(n_rows)]
        self.first = dict(grammar.first)
        """Possible first tokens, until the matchers know which one was drawn."""

    def __call__(self, scores: Tensor) -> Tensor:
        """Scores of shape (B, V) to scores of the same shape; masked ones are -inf."""
        return _only(list(self.first), scores) if self.first else self._fitting(scores)

    def write(self, tokens: Sequence[int]) -> None:
        """Take the next token of each row; those of rows that have ended are ignored."""
        for matcher, token in zip(self.matchers, tokens, strict=True):
            if self.first:
                matcher.accept_string(self.first[token])
            elif not matcher.is_terminated() and not matcher.accept_token(token):
                raise RuntimeError(f"token {token} was drawn although the grammar masks it")
        self.first = {}

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows alone."""
        self.matchers = [self.matchers[row] for row in rows]

    def _fitting(self, scores: Tensor) -> Tensor:
        """Scores in which tokens that cannot continue the objects are masked."""
        from xgrammar import allocate_token_bitmask, apply_token_bitmask_inplace

        mask = allocate_token_bitmask(len(self.matchers), scores.shape[-1])
        for row, matcher in enumerate(self.matchers):
            if matcher.is_terminated():  # such a row continues with an end mark, whatever its scores
                mask[row] = -1
            else:
                matcher.fill_next_token_bitmask(mask, row)
        scores = scores.clone()
        apply_token_bitmask_inplace(scores, mask.to(scores.device), backend="torch_native")
        return scores


def _only(tokens: list[int], scores: Tensor) -> Tensor:
    kept = torch.full_like(scores, -torch.inf)
    kept[:, tokens] = scores[:, tokens]
    return kept
