"""Decoding under a grammar: nothing can be written but a profile of the schema.

At each token, the tokens with which the object cannot go on are masked (Willard & Louf 2023,
Efficient Guided Generation for Large Language Models). xgrammar does the work (Dong et al. 2024).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor
from transformers import LogitsProcessor

from stages.common.errors import UserError
from stages.common.schema import ProfileSchema

if TYPE_CHECKING:
    from xgrammar import CompiledGrammar as Grammar

IGNORED = {"if", "then", "else", "not", "format", "title", "description", "default", "examples", "$comment"}
"""Keywords that say nothing to the grammar: a constrained profile may still break what they ask for."""
_MAPS = {"properties", "$defs"}
"""Keywords whose keys are names, and no keywords."""
_VALUES = {"enum", "const"}
"""Keywords that hold values, and no schemas."""


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
        tokenizer, vocab_size=vocab_size, stop_token_ids=[tokenizer.eos_token_id]
    )
    try:
        return xgrammar.GrammarCompiler(known).compile_json_schema(
            grammatical(schema.node), any_whitespace=False, separators=(",", ":"), strict_mode=True
        )
    except RuntimeError as error:
        raise UserError(f"The schema cannot be made a grammar: {error}\nTry constrained: false") from None


def grammatical(node: Any) -> Any:
    """A schema without what says nothing to the grammar.

    >>> grammatical({"x-rules": [], "properties": {"if": {"type": "null", "x-role": "text"}}})
    {'properties': {'if': {'type': 'null'}}}
    """
    if isinstance(node, list):
        return [grammatical(inner) for inner in node]
    if not isinstance(node, Mapping):
        return node
    kept = {key: value for key, value in node.items() if key not in IGNORED and not key.startswith("x-")}
    return {key: _within(key, value) for key, value in kept.items()}


def _within(key: str, value: Any) -> Any:
    if key in _VALUES:
        return value
    return {name: grammatical(one) for name, one in value.items()} if key in _MAPS else grammatical(value)


class Constraint(LogitsProcessor):
    """Takes from row b the tokens that its object cannot go on with; the first of the processors."""

    def __init__(self, grammar: Grammar, n_rows: int) -> None:
        from xgrammar import GrammarMatcher

        self.matchers = [GrammarMatcher(grammar) for _ in range(n_rows)]
        self.n_seen: int | None = None
        """Tokens of a row, its prompt included, that the matchers have been told of."""

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Ids of shape (B, S), scores of shape (B, V) to scores of the same shape; masked ones are -inf."""
        from xgrammar import allocate_token_bitmask, apply_token_bitmask_inplace

        n_ids = input_ids.shape[1]
        written = input_ids[:, n_ids if self.n_seen is None else self.n_seen :].tolist()
        self.n_seen = n_ids
        mask = allocate_token_bitmask(len(self.matchers), scores.shape[-1])
        for row, (matcher, tokens) in enumerate(zip(self.matchers, written, strict=True)):
            _tell(matcher, tokens)
            if matcher.is_terminated():  # such a row goes on in EOS, whatever its scores
                mask[row] = -1
            else:
                matcher.fill_next_token_bitmask(mask, row)
        scores = scores.clone()
        apply_token_bitmask_inplace(scores, mask.to(scores.device), backend="torch_native")
        return scores

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows alone."""
        self.matchers = [self.matchers[row] for row in rows]


def _tell(matcher: Any, tokens: Sequence[int]) -> None:
    for token in tokens:
        if not matcher.is_terminated() and not matcher.accept_token(token):
            raise RuntimeError(f"token {token} was drawn although the grammar masks it")
