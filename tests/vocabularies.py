"""Tokenizers of several kinds, small enough to make on the spot."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import BPE, Unigram, WordLevel
from tokenizers.trainers import BpeTrainer, UnigramTrainer, WordLevelTrainer
from transformers import PreTrainedTokenizerFast

TEXTS = ['{"age":34,"summary":"Works."}', "Write a profile, please: <x> | y / s . end of turn"]


def byte_level(
    special: Sequence[str] = ("<s>", "</s>"), plain: Sequence[str] = (), normalizer: Any = None
) -> Tokenizer:
    """GPT-2's kind; `special` and `plain` are added tokens, which may stand in no text and in any."""
    pieces = Tokenizer(BPE())
    pieces.normalizer = normalizer
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = BpeTrainer(vocab_size=400, initial_alphabet=alphabet, show_progress=False)
    pieces.train_from_iterator(TEXTS, trainer)
    pieces.add_special_tokens(list(special))
    pieces.add_tokens([AddedToken(token, special=False, normalized=False) for token in plain])
    return pieces


def letters(unknown: str | None = "<unk>", normalizer: Any = None) -> Tokenizer:
    """A tokenizer without bytes to fall back on: a letter that was not in TEXTS is `unknown`, or nothing."""
    pieces = Tokenizer(BPE(unk_token=unknown, fuse_unk=True))
    pieces.normalizer = normalizer
    pieces.decoder = decoders.Fuse()
    special = ["<s>", "</s>", *([unknown] if unknown else [])]
    pieces.train_from_iterator(TEXTS, BpeTrainer(vocab_size=100, special_tokens=special, show_progress=False))
    return pieces


def lower_case() -> Tokenizer:
    return letters(normalizer=normalizers.Lowercase())


def unigram() -> Tokenizer:
    """SentencePiece's kind as T5 has it: a blank before every text, no bytes to fall back on."""
    pieces = Tokenizer(Unigram())
    pieces.pre_tokenizer, pieces.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    trainer = UnigramTrainer(
        vocab_size=60, unk_token="<unk>", special_tokens=["<unk>", "</s>"], show_progress=False
    )
    pieces.train_from_iterator(TEXTS, trainer)
    return pieces


def words() -> Tokenizer:
    """One token per word; `<unk>` is one of the words."""
    pieces = Tokenizer(WordLevel(unk_token="<unk>"))
    pieces.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    special = ["<unk>", "<s>", "</s>"]
    pieces.train_from_iterator(TEXTS, WordLevelTrainer(special_tokens=special, show_progress=False))
    return pieces


def saved(
    folder: Path, pieces: Tokenizer, template: str | None = None, ends: Any = None, **config: Any
) -> Path:
    """A checkpoint's folder without weights.

    Args:
        ends: `eos_token_id` of generation_config.json, by name.
        config: more for tokenizer_config.json, above all `eos_token`.
    """
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=pieces, **config)
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    if ends is not None:
        ids = [pieces.token_to_id(name) for name in ends] if isinstance(ends, list) else ends
        (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": ids}), "utf-8")
    return folder
