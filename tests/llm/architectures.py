"""Tiny random models of the architectures that docs/bases.md lists; every part of them changes the output."""

from typing import Any

import torch
from transformers import CONFIG_MAPPING, AutoModelForCausalLM

N_VOCABULARY = 50
SIZES = {
    "vocab_size": N_VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": 256,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
YARN = {"rope_type": "yarn", "factor": 4.0, "rope_theta": 1e4, "original_max_position_embeddings": 64}
LLAMA_3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "rope_theta": 5e5,
    "original_max_position_embeddings": 64,
}
LAYERS = ["sliding_attention", "full_attention"]
COMPUTED: dict[str, dict[str, Any]] = {
    "Llama 2": {"model_type": "llama", "num_key_value_heads": 4},
    "Llama 3": {"model_type": "llama", "rope_parameters": LLAMA_3},
    "Llama 3.2, tied": {"model_type": "llama", "rope_parameters": LLAMA_3, "tie_word_embeddings": True},
    "yarn, one key head, biases": {
        "model_type": "llama",
        "rope_parameters": YARN,
        "num_key_value_heads": 1,
        "attention_bias": True,
        "mlp_bias": True,
    },
    "Mistral": {"model_type": "mistral", "sliding_window": None},
    "Mistral, window": {"model_type": "mistral", "sliding_window": 4},
    "Mixtral": {"model_type": "mixtral", "num_local_experts": 3, "num_experts_per_tok": 2},
    "Qwen2": {"model_type": "qwen2", "tie_word_embeddings": True},
    "Qwen2, window": {
        "model_type": "qwen2",
        "use_sliding_window": True,
        "sliding_window": 4,
        "layer_types": LAYERS,
    },
    "Qwen3": {"model_type": "qwen3"},
    "Gemma 1": {"model_type": "gemma", "num_key_value_heads": 1},
    "Gemma 2": {
        "model_type": "gemma2",
        "sliding_window": 4,
        "layer_types": LAYERS,
        "attn_logit_softcapping": 2.0,
        "final_logit_softcapping": 3.0,
    },
    "Gemma 3": {"model_type": "gemma3_text", "sliding_window": 4, "layer_types": LAYERS},
    "Phi-2, head with a bias": {"model_type": "phi"},
    "Phi-3": {"model_type": "phi3", "sliding_window": 4},
    "SmolLM3": {"model_type": "smollm3", "no_rope_layers": [1, 0]},
    "OLMo 2": {"model_type": "olmo2"},
    "OLMo 3": {"model_type": "olmo3", "sliding_window": 4, "layer_types": LAYERS},
    "Granite": {
        "model_type": "granite",
        "logits_scaling": 8.0,
        "attention_multiplier": 0.1,
        "embedding_multiplier": 3.0,
        "residual_multiplier": 0.5,
        "attention_dropout": 0.1,
    },
    "Cohere": {"model_type": "cohere", "logit_scale": 0.25, "use_qk_norm": True},
    "Cohere 2": {"model_type": "cohere2", "logit_scale": 0.25, "sliding_window": 4, "layer_types": LAYERS},
    "GLM-4": {"model_type": "glm4"},
    "Starcoder2": {"model_type": "starcoder2", "sliding_window": 4},
    "GPT-NeoX": {"model_type": "gpt_neox"},
    "GPT-2": {"model_type": "gpt2"},
}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "gpt-oss": ({"model_type": "gpt_oss"}, "GptOssAttention asks for s_aux"),
    "BLOOM": ({"model_type": "bloom"}, "BloomForCausalLM"),
    "Mamba": ({"model_type": "mamba"}, "MambaForCausalLM"),
    "Qwen3-Next": ({"model_type": "qwen3_next"}, "Qwen3NextForCausalLM"),
    "LFM2": ({"model_type": "lfm2", "layer_types": ["conv", "full_attention"]}, "Lfm2ForCausalLM"),
    "Llama 4": ({"model_type": "llama4_text"}, "Llama4ForCausalLM"),
    "Falcon-H1": ({"model_type": "falcon_h1"}, "FalconH1ForCausalLM"),
    "Nemotron": ({"model_type": "nemotron"}, "NemotronAttention is not told which tokens"),
    "StableLM": ({"model_type": "stablelm"}, "StableLmAttention is not told which tokens"),
}


def tiny_model(settings: dict[str, Any], attention: str | None, seed: int = 0) -> Any:
    """A model in float32; in float64, transformers' eager masks of padding overflow to NaN."""
    settings = dict(settings)
    config = CONFIG_MAPPING[settings.pop("model_type")](**SIZES | settings)
    torch.manual_seed(seed)
    model: Any = AutoModelForCausalLM.from_config(config, attn_implementation=attention)
    model = model.eval().requires_grad_(False)
    draws = torch.Generator().manual_seed(seed)
    for weights in model.parameters():  # an untrained model is almost uniform, and hides what is wrong
        if weights.dim() > 1:
            weights.data = torch.randn(weights.shape, generator=draws) / 4
    return model
