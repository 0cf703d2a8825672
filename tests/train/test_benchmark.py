"""The comparison with TRL, without running either side."""

import subprocess
import sys
from typing import Any

import pytest

from benchmarks import training
from tests.tiny import ROOT


def test_sides_take_turns_and_every_ratio_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # ours / trl: 300/100, 200/200, 400/200 tokens/s = 3, 1, 2; 3/6, 4/4, 2/8 GB = .5, 1, .25
    speeds = iter([300, 100, 150, 200, 200, 200, 400, 200, 400])
    peaks = iter([3, 6, 6, 4, 4, 4, 2, 8, 8])
    asked: list[str] = []

    def run(side: str, data: str, steps: int) -> dict[str, Any]:
        asked.append(side)
        return {"tokens_per_second": next(speeds), "peak_gigabytes": next(peaks)}

    monkeypatch.setattr(training, "_in_process", run)
    monkeypatch.setattr(sys, "argv", ["benchmarks.training", "--rounds", "3"])
    training.main()
    assert asked == ["ours", "trl", "trl+malloc"] * 3
    assert capsys.readouterr().out.splitlines() == [
        "ours          300 tokens/s   3.00 GB peak  (median of 3)",
        "trl           200 tokens/s   6.00 GB peak  (median of 3)",
        "trl+malloc    200 tokens/s   6.00 GB peak  (median of 3)",
        "ours / trl, tokens_per_second: 2.00  (median of 3.00, 1.00, 2.00)",
        "ours / trl, peak_gigabytes: 0.50  (median of 0.50, 1.00, 0.25)",
        "ours / trl+malloc, tokens_per_second: 1.00  (median of 2.00, 1.00, 1.00)",
        "ours / trl+malloc, peak_gigabytes: 0.50  (median of 0.50, 1.00, 0.25)",
    ]


@pytest.mark.parametrize("package", ["benchmarks", "stages.train"])
def test_torch_finds_the_environment_made(package: str) -> None:
    code = f"import sys, {package}; print('stages.common.llm' in sys.modules, 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
