"""A base model in memory, and adapters on top of it."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from logging import ERROR, getLogger
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, BitsAndBytesConfig, GenerationConfig
from transformers.utils import logging

import stages.common.llm.attention  # noqa: F401 -- registers "branched"
from stages.common.files import read_json
from stages.common.llm import give_memory_back, memory_given_back
from stages.common.llm.bases import Base, fetch
from stages.common.llm.products import folded
from stages.common.llm.tokenizer import read_tokenizer
from stages.common.records import Condition
from stages.shell.errors import UserError
from stages.shell.remedies import OTHER_BASE

logging.disable_progress_bar()
warnings.filterwarnings("ignore", message="`is_gradient_checkpointing`")  # peft reads the old name


def load_tokenizer(name: str, base: Base) -> Any:
    """The base's tokenizer; UserError if it cannot be read, or its chat template does not fit."""
    return read_tokenizer(_folder(name, base.model_dump_json()), base.template)


def load_base(name: str, base: Base, device: torch.device, attention: str | None) -> Any:
    """Frozen base model on `device`.

    Args:
        attention: transformers' name of the implementation: "branched" for packs, None (its own
            choice) to generate.

    Raises:
        UserError: if transformers cannot build the architecture, or not with this attention.
    """
    quantized = base.quantization == "nf4"
    if quantized:
        _need_bitsandbytes()
    folder = _folder(name, base.model_dump_json())
    try:
        with memory_given_back():
            model: Any = _read(folder, base, device, attention)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _unbuildable(name, folder, error) from error
    if quantized:
        give_memory_back()
        _let_go_of_file(model)
        _leave_unpacked(model)
    model.requires_grad_(False)
    model.generation_config = GenerationConfig()  # generate() fills what a call leaves open from this one
    return model if quantized else model.to(device)


def add_adapters(model: Any, folders: Mapping[Condition, Path]) -> Any:
    """The model with named adapters, all off until `using` turns one on."""
    wrapped: Any = None
    for name, folder in folders.items():
        if not (folder / "manifest.json").exists():
            raise UserError(f"{folder}: no complete adapter (no manifest.json)\nTrain it: dvc repro")
        if wrapped is None:
            wrapped = PeftModel.from_pretrained(model, str(folder), adapter_name=name)
        else:
            wrapped.load_adapter(str(folder), adapter_name=name)
    wrapped.base_model.disable_adapter_layers()
    wrapped.eval()
    return wrapped


@contextmanager
def using(model: Any, adapter: str | None) -> Iterator[Any]:
    """The model with one adapter on and folded in, or with none; afterwards all are off."""
    with turned_on(model, adapter), folded(model):
        yield model


@contextmanager
def turned_on(model: Any, adapter: str | None) -> Iterator[None]:
    """Turn one adapter on, or none; afterwards all are off."""
    if adapter is None:
        model.base_model.disable_adapter_layers()
    else:
        model.set_adapter(adapter)
        model.base_model.enable_adapter_layers()
    try:
        yield
    finally:
        model.base_model.disable_adapter_layers()


def _read(folder: Path, base: Base, device: torch.device, attention: str | None) -> Any:
    quantized = base.quantization == "nf4"
    return AutoModelForCausalLM.from_pretrained(
        folder,
        dtype=getattr(torch, base.dtype),
        attn_implementation=attention,
        # without a device_map a quantized model stays on the CPU of a Mac
        device_map={"": str(device)} if quantized else None,
        quantization_config=_nf4(base) if quantized else None,
        trust_remote_code=False,
        use_safetensors=True,
    )


def _let_go_of_file(model: Any) -> None:
    """Copy what is not quantized: its views would keep the whole file of wide weights in memory."""
    for weights in model.parameters():
        if weights.device.type == "cpu" and weights.is_floating_point():
            weights.data = weights.data.clone()


def _leave_unpacked(model: Any) -> None:
    """Keep bitsandbytes from packing weights for AVX-512 at the first pass without gradients.

    A product with packed weights passes no gradient on, in training neither (bitsandbytes 0.50.2).
    """
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False


@cache
def _folder(name: str, entry: str) -> Path:
    """The folder of a base, fetched and verified once per process, because Llama 2 has 13 GB to hash.

    Args:
        entry: the base as JSON, which can be a key where a `dict` cannot.
    """
    return fetch(name, Base.model_validate_json(entry))


def _unbuildable(name: str, folder: Path, error: Exception) -> UserError:
    built = ", ".join(read_json(folder / "config.json").get("architectures") or ["no architecture named"])
    said = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
    return UserError(f"{name} ({built}): transformers cannot build it here ({said})\n{OTHER_BASE}")


def _nf4(base: Base) -> BitsAndBytesConfig:
    """NF4 with double quantization, Dettmers et al. 2023 (QLoRA), section 3."""
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=getattr(torch, base.dtype),
    )


def _need_bitsandbytes() -> None:
    try:
        # It warns that it lacks a kernel for packed weights, which are not used here (_leave_unpacked).
        getLogger("bitsandbytes.backends.cpu.ops").setLevel(ERROR)
        import bitsandbytes  # noqa: F401
    except ImportError:
        raise UserError(
            "quantization: nf4 needs bitsandbytes, which is not installed\n"
            'Install it: pip install -c requirements.lock -e ".[quantized]"'
        ) from None
