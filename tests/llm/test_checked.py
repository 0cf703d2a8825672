"""What the comparison with transformers' own forward pass finds, and that it changes nothing."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AttentionInterface

from stages.common.llm import attention, loss, rows
from stages.common.llm.attention import BRANCHED
from stages.common.llm.logits import PLAIN
from stages.common.llm.rows import ROWS
from stages.common.llm.template import TokenPair
from stages.shell import checked, plain
from stages.shell.checked import check_draws, check_losses
from stages.shell.errors import UserError
from stages.train.lora import own_dropout
from tests.llm.architectures import COMPUTED, REFUSED, tiny_model
from tests.llm.fakes import with_random_lora
from tests.llm.test_architectures import PAIRS, PROMPTS
from tests.train.study import train, write_study


def test_logits_that_are_scaled_without_our_knowing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loss, "finish_of", lambda config: PLAIN)
    for name, said in (("Granite", "GraniteFor"), ("Cohere", "CohereFor"), ("Gemma 2", "Gemma2For")):
        with pytest.raises(UserError, match=f"{said}CausalLM: our losses differ .* nats per token"):
            check_losses(tiny_model(COMPUTED[name], BRANCHED), PAIRS)


def test_windows_that_training_does_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "_within", lambda visible, window: visible)
    for name in ("Mistral, window", "Qwen2, window", "Gemma 3"):
        with pytest.raises(UserError, match="our losses differ"):
            check_losses(tiny_model(COMPUTED[name], BRANCHED), PAIRS)


def test_windows_that_drawing_does_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_last", lambda states, n: states)
    with pytest.raises(UserError, match="MistralForCausalLM: our draws differ"):
        check_draws(tiny_model(COMPUTED["Mistral, window"], None), PROMPTS, 20)


@pytest.mark.parametrize("model_type", ["mamba", "lfm2"])
def test_drawing_refuses_an_architecture_that_keeps_another_state(model_type: str) -> None:
    layers = {"layer_types": ["conv", "full_attention"]} if model_type == "lfm2" else {}
    with pytest.raises(UserError, match=r"ForCausalLM: .* keeps a running state"):
        check_draws(tiny_model({"model_type": model_type} | layers, None), PROMPTS, 20)


def test_a_word_without_weights_is_refused_wherever_it_stands() -> None:
    """An embedding on Apple's GPU may give numbers for it. It is neither in the longest nor the shortest."""
    model = tiny_model(COMPUTED["Mistral, window"], BRANCHED)
    n_words = model.config.vocab_size
    between = TokenPair([1, n_words], PAIRS[0].completion_ids)
    with pytest.raises(UserError, match=rf"the token {n_words}; the weights have only .*\n.*tokenizer\.json"):
        check_losses(model, [*PAIRS, between])
    with pytest.raises(UserError, match=rf"the token {n_words + 3}; the weights"):
        check_draws(model, [*PROMPTS, [1, n_words + 3]], 1)


def test_what_is_longer_than_the_window_is_refused() -> None:
    """Rotary positions go on behind the window without an error."""
    model = tiny_model(COMPUTED["Mistral, window"], BRANCHED)
    longest = max(map(len, PAIRS))
    model.config.max_position_embeddings = longest
    check_losses(model, PAIRS)
    model.config.max_position_embeddings = longest - 1
    with pytest.raises(UserError, match=rf"has {longest} tokens; the base reads {longest - 1}\nShorten"):
        check_losses(model, PAIRS)
    model = tiny_model(COMPUTED["Mistral, window"], None)
    model.config.max_position_embeddings = 15
    longest = max(map(len, PROMPTS))
    with pytest.raises(UserError, match=rf"with 20 new tokens has {longest + 20} tokens; the base reads 15"):
        check_draws(model, PROMPTS, 20)


def test_training_refuses_an_architecture_that_computes_differently(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checked, "ROUNDING_OF_FLOAT32", -1.0)
    write_study(workspace)
    with pytest.raises(UserError, match="LlamaForCausalLM: our losses differ"):
        train(monkeypatch)
    assert not (workspace / "models/adapters").exists()


def test_positions_that_depend_on_a_records_company() -> None:
    longrope = {
        "rope_type": "longrope",
        "short_factor": [1.0] * 4,
        "long_factor": [4.0] * 4,
        "original_max_position_embeddings": 32,
        "rope_theta": 1e4,
    }
    settings = {"model_type": "phi3", "rope_parameters": longrope, "original_max_position_embeddings": 32}
    model = tiny_model(settings, None)
    check_draws(model, PROMPTS, 21)  # 11 tokens of prompt
    with pytest.raises(UserError, match="33 tokens are more than the 32"):
        check_draws(model, PROMPTS, 22)


@pytest.mark.parametrize("training", [True, False])
def test_leaves_everything_as_it_was(training: bool) -> None:
    packed = with_random_lora(tiny_model(COMPUTED["Granite"], BRANCHED)).float().train(training)
    before = {name: weights.clone() for name, weights in packed.state_dict().items()}
    torch.manual_seed(3)
    state = torch.get_rng_state()
    check_losses(packed, PAIRS)
    assert torch.equal(torch.get_rng_state(), state)
    assert packed.config._attn_implementation == BRANCHED
    assert {module.training for module in packed.modules()} == {training}
    assert all(torch.equal(weights, before[name]) for name, weights in packed.state_dict().items())
    assert all(weights.grad is None for weights in packed.parameters())


def test_leaves_parts_in_the_mode_they_were_in() -> None:
    model = tiny_model(COMPUTED["Llama 3"], BRANCHED)
    model.get_decoder().layers[0].train()
    modes = [module.training for module in model.modules()]
    check_losses(model, PAIRS)
    assert [module.training for module in model.modules()] == modes


def test_leaves_a_writer_as_it_was() -> None:
    writer = tiny_model(COMPUTED["Llama 3"], None)
    state = torch.get_rng_state()
    check_draws(writer, PROMPTS, 20)
    assert torch.equal(torch.get_rng_state(), state)
    assert (writer.config._attn_implementation, writer.training) == ("sdpa", False)


def test_the_check_passes_half_precision() -> None:
    check_losses(tiny_model(COMPUTED["Llama 3"], BRANCHED).bfloat16(), PAIRS)
    check_draws(tiny_model(COMPUTED["Llama 3"], None).bfloat16(), PROMPTS, 20)


def test_one_record_and_one_prompt_are_enough() -> None:
    check_losses(tiny_model(COMPUTED["Qwen3"], BRANCHED), PAIRS[:1])
    check_draws(tiny_model(COMPUTED["Qwen3"], None), [[1]], 20)


def test_attention_dropout_applies_only_in_training() -> None:
    from stages.common.llm.loss import token_nll
    from stages.common.llm.packing import pack

    def twice(model: Any) -> list[torch.Tensor]:
        return [token_nll(model, pack(PAIRS))[0] for _ in range(2)]

    model = tiny_model(COMPUTED["Granite"], BRANCHED)
    assert torch.equal(*twice(model))
    assert not torch.equal(*twice(model.train()))


def test_the_checkpoints_own_dropout() -> None:
    assert own_dropout(tiny_model(COMPUTED["Granite"], None).config) == {"attention_dropout": 0.1}
    assert own_dropout(tiny_model(COMPUTED["Llama 3"], None).config) == {}


@pytest.mark.parametrize("name", ["Llama 3", "Gemma 2"])
def test_long_sequences_go_through_sdpa_where_there_is_one(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "LONG", 3)
    model = with_random_lora(tiny_model(COMPUTED[name], BRANCHED)).float()
    with plain.plain_attention(model, 4):
        assert model.config._attn_implementation == ("eager" if name == "Gemma 2" else "sdpa")
    check_losses(model, PAIRS)


@pytest.mark.parametrize("name", REFUSED)
def test_half_precision_hides_no_architecture_that_is_refused(name: str) -> None:
    with pytest.raises(UserError, match=r"ForCausalLM|asks for s_aux|is not told"):
        check_losses(tiny_model(REFUSED[name][0], BRANCHED).bfloat16(), PAIRS)
    with pytest.raises(UserError, match=r"ForCausalLM|asks for s_aux|is not told"):
        check_draws(tiny_model(REFUSED[name][0], None).bfloat16(), PROMPTS, 20)
    assert AttentionInterface()[ROWS] is rows.rows_attention


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"model_type": "rwkv"}, "RwkvForCausalLM: 2 of its 2 layers do not use our attention"),
        ({"model_type": "minimax"}, "MiniMaxForCausalLM: 1 of its 2 layers do not use our attention"),
        (
            {"model_type": "jamba", "num_experts": 2},
            "JambaForCausalLM: JambaMambaMixer keeps a running state",
        ),
        ({"model_type": "recurrent_gemma"}, "RecurrentGemmaForCausalLM: RecurrentGemmaRecurrentBlock keeps"),
    ],
)
def test_layers_of_another_kind_are_refused_in_half_precision(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        check_losses(tiny_model(settings, BRANCHED).bfloat16(), PAIRS)
    assert AttentionInterface()[BRANCHED] is attention.branched_attention


def test_drawing_in_half_precision_refuses_a_running_state() -> None:
    with pytest.raises(UserError, match="RecurrentGemmaForCausalLM: RecurrentGemmaRecurrentBlock keeps"):
        check_draws(tiny_model({"model_type": "recurrent_gemma"}, None).bfloat16(), PROMPTS, 20)


def test_too_little_memory_is_not_the_architectures_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9.00 GiB")

    monkeypatch.setattr(checked, "token_nll", full)
    with pytest.raises(UserError, match="LlamaForCausalLM: too little memory to check its losses"):
        check_losses(tiny_model(COMPUTED["Llama 3"], BRANCHED), PAIRS)


def test_no_more_tokens_are_written_than_will_be_drawn() -> None:
    """The longest prompt that fits leaves room for max_new_tokens, and a learned position for no more."""
    settings = COMPUTED["GPT-2"] | {"max_position_embeddings": 12}
    check_draws(tiny_model(settings, None), PROMPTS, 1)  # the longest has 11 tokens
