"""A checkpoint's tokenizer, with its control tokens found."""

from pathlib import Path
from typing import Any

from tokenizers import AddedToken
from transformers import AutoTokenizer

from stages.common.files import read_json
from stages.common.llm.chat import after_answer, settle_template
from stages.common.llm.marks import Marks
from stages.shell.errors import UserError


def read_tokenizer(folder: Path, template: str) -> Any:
    """The tokenizer in a checkpoint's folder; `marks_of` says which of its tokens are control tokens.

    Args:
        template: of the base's entry; "tokenizer" is the checkpoint's own.

    Raises:
        UserError: it cannot be read, names no end, or its chat template does not fit.
    """
    tokenizer = _loaded(folder)
    if template == "tokenizer":
        settle_template(tokenizer)
    tokenizer.marks = _marks(tokenizer, template, _listed_ends(folder))
    _let_be_text(tokenizer)
    return tokenizer


def _loaded(folder: Path) -> Any:
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    except Exception as error:  # noqa: BLE001 -- transformers and tokenizers raise whatever they meet
        raise _unreadable(folder, next(iter(str(error).splitlines()), type(error).__name__)) from None
    if not tokenizer.is_fast or len(tokenizer) == 0:
        raise _unreadable(folder, "transformers cannot make a fast tokenizer of it")
    return tokenizer


def _unreadable(folder: Path, found: str) -> UserError:
    if (folder / "tokenizer.json").exists():
        return UserError(f"{folder}: the tokenizer cannot be read: {found}\nFetch tokenizer.json again")
    return UserError(
        f"{folder}: the tokenizer cannot be read: there is no tokenizer.json\n"
        "From a tokenizer.model, make one where sentencepiece and tiktoken are installed: "
        "AutoTokenizer.from_pretrained(folder).save_pretrained(folder)"
    )


def _marks(tokenizer: Any, template: str, listed: list[int]) -> Marks:
    added = tokenizer.added_tokens_decoder
    written = tokenizer.chat_template if template == "tokenizer" else ""
    eos = [] if tokenizer.eos_token_id is None else [tokenizer.eos_token_id]
    ends = [*_trained_ends(tokenizer, template), *eos, *listed]
    if not ends:
        raise UserError(
            "The base's tokenizer names no token that ends a text, so no completion would ever end\n"
            "Set eos_token in its tokenizer_config.json"
        )
    # a config may list an id that is a word of this tokenizer: only what was added can end a turn
    stops = {ends[0], *eos, *(i for i in listed if i in added)}
    marks = {i for i, token in added.items() if token.special or _in(written, token.content)}
    unknown = getattr(tokenizer.backend_tokenizer.model, "unk_token", None)
    special = {*tokenizer.all_special_ids, *tokenizer.convert_tokens_to_ids([unknown] if unknown else [])}
    return Marks(ends[0], frozenset(stops), frozenset(stops | marks | special))


def _trained_ends(tokenizer: Any, template: str) -> list[int]:
    """The control tokens that the template writes after an assistant's turn: the first ends it."""
    if template != "tokenizer":
        return []
    ids = tokenizer(after_answer(tokenizer), add_special_tokens=False)["input_ids"]
    added = tokenizer.added_tokens_decoder
    return [i for i in ids if i in added and added[i].content.strip()]


def _listed_ends(folder: Path) -> list[int]:
    """`eos_token_id` of generation_config.json, or of config.json."""
    for name in ("generation_config.json", "config.json"):
        if (folder / name).is_file():
            listed = read_json(folder / name).get("eos_token_id")
            if listed is not None:
                return list(listed) if isinstance(listed, list) else [listed]
    return []


def _in(template: str, content: str) -> bool:
    """Whether a template writes an added token. Gemma has added blank lines: these are text."""
    return bool(content.strip()) and content in template


def _let_be_text(tokenizer: Any) -> None:
    """Make all control tokens special: only special ones can be kept from being read out of a text."""
    added = tokenizer.added_tokens_decoder
    plain = [added[i] for i in sorted(tokenizer.marks.control) if i in added and not added[i].special]
    tokenizer.add_tokens(
        [AddedToken(t.content, lstrip=t.lstrip, rstrip=t.rstrip, normalized=t.normalized) for t in plain],
        special_tokens=True,
    )
