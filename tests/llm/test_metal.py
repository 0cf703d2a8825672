"""What was decided for Apple's GPU, on a CPU that is called by its name."""

import os
import subprocess
import sys

import pytest
import torch

from stages.common.llm import metal
from stages.common.llm.loss import head_nll, token_nll
from stages.common.llm.packing import pack
from stages.shell.errors import UserError
from tests.imports import ROOT
from tests.leaking import call_it_metal
from tests.llm.fakes import float64_llama
from tests.llm.test_loss import BATCHES


@pytest.mark.parametrize(
    ("device", "metals"), [("mps", True), ("mps:0", True), ("cpu", False), ("cuda:0", False)]
)
def test_names(device: str, metals: bool) -> None:
    for name in (device, torch.device(device)):
        assert metal.is_metal(name) == metal.needs_explicit_mask(name) == metals
        assert metal.has_float64(name) == metal.keeps_peak(name) == (not metals)
        assert metal.empty_cache_steps(name) == (10 if metals else None)
        assert (metal.wrong_gradients(name, 0.1, True) is not None) == metals
    assert metal.wrong_gradients("mps", 0.0, True) is metal.wrong_gradients("mps", 0.1, False) is None


def test_limits_are_set_before_torch_is_imported_unless_the_user_sets_them() -> None:
    code = (
        "import sys; import stages.common.llm.metal as metal, os; assert 'torch' not in sys.modules;"
        "print(*(os.environ[name] for name in metal.LIMITS))"
    )
    plain = {name: value for name, value in os.environ.items() if name not in metal.LIMITS}
    for environment, expected in ((plain, "0.9 0.8"), (plain | {metal.LOW: "0.5"}, "0.9 0.5")):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == expected.split()


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_a_product_computed_in_parts_is_the_same(dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metal, "LONGEST_SUM", 16)
    left, right = (
        torch.randn(shape, generator=torch.Generator().manual_seed(0)).to(dtype)
        for shape in ((5, 70), (70, 3))
    )
    whole = metal.product(left, right)
    assert torch.equal(whole, left @ right)
    call_it_metal(monkeypatch)
    tolerance = 1e-5 if dtype == torch.float64 else 0.05
    torch.testing.assert_close(metal.product(left, right), whole, rtol=tolerance, atol=tolerance)


def test_no_sum_over_the_vocabulary_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """The head's gradient, where torch adds what lies behind the matrices to long sums."""
    monkeypatch.setattr(metal, "LONGEST_SUM", 16)
    head = torch.nn.Linear(6, 50, bias=False).requires_grad_(False)
    hidden = torch.randn(4, 6, requires_grad=True)

    def gradient() -> torch.Tensor:
        hidden.grad = None
        head_nll(head, hidden, torch.tensor([1, 2, 3, 49])).sum().backward()
        assert hidden.grad is not None
        return hidden.grad

    expected = gradient()
    call_it_metal(monkeypatch)
    torch.testing.assert_close(gradient(), expected)


def test_long_sums_that_cannot_be_split_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metal, "LONGEST_SUM", 8)
    model, packed = float64_llama("branched"), pack(BATCHES["a shared beginning"])
    token_nll(model, packed)[0].sum().backward()
    call_it_metal(monkeypatch)
    with pytest.raises(
        UserError, match=r"(?s)tokens of a pack, \d+: .*silently wrong.*Halve records_per_pack"
    ):
        token_nll(model, packed)
    with pytest.raises(UserError, match=r"(?s)trained head, 50: .*Leave lm_head out"):
        head_nll(torch.nn.Linear(6, 50), torch.randn(4, 6), torch.tensor([1, 2, 3, 4]))
    with torch.no_grad():
        token_nll(model, packed)
