"""Each architecture that docs/bases.md lists is computed as transformers does, or refused by name."""

import pytest
import torch

from stages.common.llm.attention import BRANCHED
from stages.common.llm.loss import token_nll
from stages.common.llm.packing import pack
from stages.common.llm.template import TokenPair
from stages.shell.checked import check_draws, check_losses
from stages.shell.errors import UserError
from stages.shell.plain import own_losses
from stages.train.lora import fuse
from tests.llm.architectures import COMPUTED, REFUSED, tiny_model
from tests.llm.fakes import lora_gradients, with_random_lora
from tests.tiny import ROOT

PAIRS = [
    TokenPair([1, 7, 8, 9, 10, 11, 12, 13, 20, 21], [30, 31, 32, 33, 34, 2]),
    TokenPair([1, 7, 8, 9, 10, 11, 12, 13, 22], [33, 2]),
    TokenPair([1, 7, 8, 9, 10, 11, 12, 13, 23, 24, 25], [35, 36, 2]),
]
PROMPTS = [pair.prompt_ids for pair in PAIRS]


@pytest.mark.parametrize("name", COMPUTED)
def test_losses_and_gradients_are_transformers_own(name: str) -> None:
    packed = fuse(with_random_lora(tiny_model(COMPUTED[name], BRANCHED)).float())
    plain = with_random_lora(tiny_model(COMPUTED[name], "eager")).float()
    nll, _ = token_nll(packed, pack(PAIRS))
    expected = torch.cat([own_losses(plain, pair, len(pair.completion_ids)) for pair in PAIRS])
    torch.testing.assert_close(nll, expected, rtol=0, atol=1e-4)
    nll.mean().backward()
    expected.mean().backward()
    gradients = lora_gradients(packed)
    assert len(gradients) >= 8
    torch.testing.assert_close(gradients, lora_gradients(plain), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", COMPUTED)
def test_the_check_passes_an_architecture_that_computes_alike(name: str) -> None:
    check_losses(tiny_model(COMPUTED[name], BRANCHED), PAIRS)
    check_draws(tiny_model(COMPUTED[name], None), PROMPTS, 20)


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_by_name(name: str) -> None:
    settings, said = REFUSED[name]
    with pytest.raises(UserError, match=said):
        check_losses(tiny_model(settings, BRANCHED), PAIRS)


def test_the_page_lists_what_is_run_here() -> None:
    page = (ROOT / "docs/bases.md").read_text("utf-8")
    names = {name.split(",")[0] for name in [*COMPUTED, *REFUSED]} - {"yarn"}
    assert [name for name in sorted(names) if name not in page] == []
    for refused in REFUSED:
        [row] = [line for line in page.splitlines() if line.startswith("|") and refused in line]
        assert "refused" in row
