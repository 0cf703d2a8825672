"""Weights in 4 bits, with the real bitsandbytes."""

import pytest
import torch

from stages.common.llm.bases import Base
from stages.common.llm.loading import load_base
from stages.train.lora import with_lora
from stages.train.params import LoraParams
from tests.tiny import tiny_base

pytestmark = pytest.mark.slow
LORA = LoraParams(rank=2, alpha=4, dropout=0.0, targets="all-linear")


def test_a_look_at_the_validation_changes_no_gradient(tiny_llama):
    pytest.importorskip("bitsandbytes")
    entry = {**tiny_base(tiny_llama), "dtype": "bfloat16", "quantization": "nf4"}
    base = load_base("tiny", Base.model_validate(entry), torch.device("cpu"), "sdpa")
    model = with_lora(base, LORA, seed=1, checkpointing=False)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "lora_B" in name:  # zero at first: no gradient would reach A
                weights.fill_(0.1)
    before = gradients(model)
    with torch.no_grad():
        model.eval()(input_ids=IDS)
    for one, two in zip(before, gradients(model), strict=True):
        torch.testing.assert_close(one, two, rtol=0, atol=0)


IDS = torch.arange(1, 9)[None]


def gradients(model):
    model.train().zero_grad()
    model(input_ids=IDS).logits.float().logsumexp(-1).sum().backward()
    return [weights.grad.clone() for weights in model.parameters() if weights.requires_grad]
