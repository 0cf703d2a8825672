"""A Llama small enough to know by heart: random weights, float64, grouped heads."""

from collections.abc import Sequence
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from torch import Tensor, nn
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.models.llama.modeling_llama import LlamaDecoderLayer

from stages.common.llm.template import TokenPair

N_VOCABULARY = 50


def float64_llama(attention: str, seed: int = 0) -> Any:
    """Three layers, four query heads over two key-value heads."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=N_VOCABULARY,
        hidden_size=24,
        intermediate_size=40,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=256,
        initializer_range=0.3,
        attn_implementation=attention,
    )
    return _with_exact_norms(LlamaForCausalLM(config)).double()


def _with_exact_norms(model: Any) -> Any:
    """transformers' own norm rounds to float32 in a float64 model."""
    for module in [module for module in model.modules() if isinstance(module, LlamaDecoderLayer)]:
        module.input_layernorm = nn.RMSNorm(model.config.hidden_size, model.config.rms_norm_eps)
        module.post_attention_layernorm = nn.RMSNorm(model.config.hidden_size, model.config.rms_norm_eps)
    model.model.norm = nn.RMSNorm(model.config.hidden_size, model.config.rms_norm_eps)
    return model


def with_random_lora(model: Any, seed: int = 1) -> Any:
    """LoRA on all linear layers, B too drawn at random: a fresh one is 0 and hides A's gradient."""
    wrapped = get_peft_model(
        model, LoraConfig(r=3, lora_alpha=6, target_modules="all-linear", task_type="CAUSAL_LM")
    )
    draws = torch.Generator().manual_seed(seed)
    for name, weights in wrapped.named_parameters():
        if "lora_" in name:
            weights.data = 0.2 * torch.randn(weights.shape, generator=draws, dtype=torch.float64)
    return wrapped


def padded_nll(model: nn.Module, pairs: Sequence[TokenPair]) -> list[Tensor]:
    """The reference: one padded batch through plain transformers; per record its completion tokens."""
    longest = max(len(pair) for pair in pairs)
    ids = torch.zeros(len(pairs), longest, dtype=torch.long)
    mask = torch.zeros(len(pairs), longest, dtype=torch.long)
    for row, pair in enumerate(pairs):
        ids[row, : len(pair)] = torch.tensor(pair.prompt_ids + pair.completion_ids)
        mask[row, : len(pair)] = 1
    output: Any = model(input_ids=ids, attention_mask=mask, use_cache=False)
    log_probabilities = output.logits.log_softmax(-1)
    return [
        -log_probabilities[row, len(pair.prompt_ids) - 1 : len(pair) - 1]
        .gather(1, torch.tensor(pair.completion_ids)[:, None])
        .squeeze(1)
        for row, pair in enumerate(pairs)
    ]


def lora_gradients(model: nn.Module) -> dict[str, Tensor]:
    found = {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}
    model.zero_grad(set_to_none=True)
    return found
