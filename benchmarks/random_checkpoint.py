"""Write a checkpoint with random weights: any Llama's shape, with a tokenizer of Llama 2's layout.

    python -m benchmarks.random_checkpoint FOLDER              # Llama 2 7B: 13.5 GB in float16
    python -m benchmarks.random_checkpoint FOLDER --layers 2

The weights are written file by file: 1.5 GB of memory is enough. The tokenizer is trained on the project's
prompts and people, and padded with words that no text contains.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer
from tqdm import tqdm
from transformers import PreTrainedTokenizerFast

from stages.common.files import read_json, read_text
from stages.shell.disk import free_bytes
from stages.shell.errors import UserError
from thesis.doctor.random_weights import write_random
from thesis.doctor.shapes import PUBLISHED, Shape

LLAMA_2_7B = PUBLISHED["meta-llama/Llama-2-7b-hf"]
RAW = ("data/raw/original.json", "data/raw/augmented.json")
PROMPTS = Path("data/prompts.yaml")
N_TRAINED = 2_000
"""Words learnt from the data. More would join whole profiles into one word."""
SPECIAL = ("<unk>", "<s>", "</s>")
LEAST = 512
"""Words of a tokenizer: 259 are bytes and special, and the rest must hold the letters of all texts."""
SPARE_BYTES = 1_000_000_000


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.random_checkpoint", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("folder", type=Path)
    for name, kind in (("layers", int), ("hidden", int), ("intermediate", int), ("heads", int)):
        parser.add_argument(f"--{name}", type=kind, default=getattr(LLAMA_2_7B, name))
    parser.add_argument("--kv-heads", type=int, default=LLAMA_2_7B.kv_heads)
    parser.add_argument("--vocabulary", type=int, default=LLAMA_2_7B.vocabulary)
    parser.add_argument("--dtype", choices=["float16", "bfloat16", "float32"], default="float16")
    given = vars(parser.parse_args())
    folder, dtype = given.pop("folder"), given.pop("dtype")
    try:
        write(replace(LLAMA_2_7B, **given), folder, dtype)
    except UserError as error:
        sys.exit(str(error))


def write(shape: Shape, folder: Path, dtype: str = "float16") -> Path:
    """The folder, with weights, config and tokenizer.

    Raises:
        UserError: there is no such Llama; the folder is not empty; the disk has no room.
    """
    _refuse_odd(shape)
    if folder.exists() and any(folder.iterdir()):
        raise UserError(f"{folder}: not empty\nName a new folder, or remove this one")
    n_bytes = (4 if dtype == "float32" else 2) * shape.n_weights
    refuse_full_disk(folder, n_bytes)
    people = [json.dumps(person, ensure_ascii=False) for file in RAW for person in read_json(Path(file))]
    texts = [text for person in people for text in (*read_text(PROMPTS).splitlines(), person)]
    with tqdm(total=n_bytes, unit="B", unit_scale=True, desc=str(folder), file=sys.stderr) as bar:
        write_random(shape, folder, dtype, bar.update)
    llama_2_like(texts, min(N_TRAINED, shape.vocabulary), shape.vocabulary).save_pretrained(folder)
    return folder


def _refuse_odd(shape: Shape) -> None:
    """UserError if heads do not divide what they share, or the words cannot spell every text."""
    if shape.hidden % shape.heads or shape.heads % shape.kv_heads:
        raise UserError(
            f"--heads {shape.heads} must divide --hidden {shape.hidden}, and be a multiple of --kv-heads "
            f"{shape.kv_heads}\nSet all three"
        )
    if shape.vocabulary < LEAST:
        raise UserError(f"--vocabulary {shape.vocabulary} is too small\nSet {LEAST} or more")


def refuse_full_disk(folder: Path, n_bytes: int) -> None:
    """UserError if the disk of a folder that may not exist yet has no room for so much."""
    free = free_bytes(folder)
    if free < n_bytes + SPARE_BYTES:
        raise UserError(
            f"{folder}: {n_bytes / 1e9:.1f} GB will be written, {free / 1e9:.1f} GB are free\n"
            "Make room, name a folder on another disk, or write fewer --layers"
        )


def llama_2_like(texts: Sequence[str], n_trained: int = 600, size: int | None = None) -> Any:
    """A tokenizer built as Llama 2's is: a blank before every text, single digits, bytes for the rest.

    Args:
        n_trained: words at most that are learnt from the texts, special ones and bytes among them.
        size: words in all; the rest are words that no text contains.
    """
    pieces = Tokenizer(BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    pieces.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    pieces.pre_tokenizer = pre_tokenizers.Digits(individual_digits=True)
    trainer = BpeTrainer(
        vocab_size=n_trained,
        special_tokens=[*SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256))],
        show_progress=False,
    )
    pieces.train_from_iterator(texts, trainer)
    built = json.loads(pieces.to_str())
    built["added_tokens"] = built["added_tokens"][: len(SPECIAL)]  # bytes are no special tokens
    words = built["model"]["vocab"]
    words |= {f"<unused {number}>": number for number in range(len(words), size or 0)}
    pieces = Tokenizer.from_str(json.dumps(built))
    blank = decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)
    pieces.decoder = decoders.Sequence(list(blank))
    return PreTrainedTokenizerFast(
        tokenizer_object=pieces, bos_token="<s>", eos_token="</s>", unk_token="<unk>"
    )


if __name__ == "__main__":
    main()
