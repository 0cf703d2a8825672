"""The comparison with peers, without running any of them; and the page that shows its results."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from benchmarks.processes import Failed, measured
from benchmarks.profile import by_group
from benchmarks.side_by_side import learning, page
from benchmarks.side_by_side.checkouts import refuse_missing
from benchmarks.side_by_side.cost import of_a_step
from benchmarks.side_by_side.results import OURS, Line, as_json, lines_of
from benchmarks.side_by_side.turns import in_turns
from benchmarks.side_by_side.work import write_gguf
from stages.common.llm import KEPT, MMAP_MAX, TOP_PAD, TRIM_THRESHOLD
from stages.shell.errors import UserError
from tests.tiny import ROOT

MACHINE = {
    "cores": 2,
    "processor": "P",
    "gigabytes": 24.0,
    "python": "3.11.7",
    "commit": "abc",
    "quick": False,
}
MACHINE |= {"torch": "2.13.0", "transformers": "5.23.0", "peft": "0.21.2"}
LIMITS = {"gflops": 200.0, "gigabytes_per_second": 40.0}
RUN: dict[str, Any] = {"machine": MACHINE, "limits": LIMITS}


def test_sides_take_turns_and_a_failure_is_named() -> None:
    asked: list[str] = []

    def run(side: str) -> dict[str, float]:
        asked.append(side)
        if side == "broken":
            raise Failed("no compiler\nInstall one")
        return {"value": float(len(asked))}

    line = Line("w", "work", "s", required={"peer": 2.0}, **RUN)
    sides = {
        side: (turns, lambda side=side: run(side)) for side, turns in ((OURS, 2), ("broken", 2), ("peer", 1))
    }
    in_turns(line, sides)
    assert asked == [OURS, "broken", "peer", OURS]
    assert line.runs == {OURS: [{"value": 1}, {"value": 4}], "peer": [{"value": 3}]}
    assert line.missing == {"broken": "no compiler\nInstall one"}
    assert "- work, broken: not measured: no compiler Install one" in page.table(as_json([line]))


def line() -> Line:
    # ours / TRL: 300/100, 200/200, 400/200 tokens/s = 3, 1, 2; 3/6, 4/4, 2/8 GB = .5, 1, .25
    return Line(
        "training",
        "LoRA training",
        "tokens/s",
        runs={
            OURS: [
                {"value": v, "peak_gigabytes": g, "share": 0.5} for v, g in ((300, 3), (200, 4), (400, 2))
            ],
            "TRL": [
                {"value": v, "peak_gigabytes": g, "share": 0.2} for v, g in ((100, 6), (200, 4), (200, 8))
            ],
        },
        required={"TRL": 2.5},
        **RUN,
    )


def test_ratios_are_medians_over_turns() -> None:
    assert line().ratio("TRL") == 2
    assert line().ratio("TRL", "peak_gigabytes") == 0.5
    assert line().is_met("TRL") is False
    assert page.table(as_json([line()])).splitlines()[2:] == [
        "| work | side | speed or time | share of the limit | peak memory | ours to it | required |",
        "|---|---|---:|---:|---:|---:|---:|",
        "| LoRA training | ours | 300 tokens/s | 50% | 3.00 GB | | |",
        "| | TRL | 200 tokens/s | 20% | 6.00 GB | 2.00 ×, memory 0.50 × | ≥ 2.5 ×: missed |",
    ]


@pytest.mark.parametrize(("seconds", "met"), [(10, True), (20, True), (21, False)])
def test_fewer_seconds_are_better(seconds: float, met: bool) -> None:
    runs = {OURS: [{"value": seconds}], "peer": [{"value": 10.0}]}
    assert Line("w", "w", "s", runs=runs, required={"peer": 2}).is_met("peer") is met


def test_ours_that_failed_leaves_the_others_on_the_page() -> None:
    asked = Line("w", "work", "s", runs={"peer": [{"value": 1.0}]}, required={"peer": 2}, **RUN)
    asked.missing[OURS] = "dvc status names changes"
    shown = page.table(as_json([asked])).splitlines()
    assert "| work | peer | 1.00 s | | | | ≤ 2 × |" in shown
    assert "- work, ours: not measured: dvc status names changes" in shown


def test_each_machine_has_a_table_and_is_named_once() -> None:
    other = replace(line(), name="score", title="`score`", machine=MACHINE | {"processor": "Q"})
    faster = {name: 2 * limit for name, limit in line().limits.items()}
    together = page.table(as_json([line(), replace(other, machine=MACHINE, limits=faster)]))
    apart = page.table(as_json([line(), other]))
    assert (together.count("cores of P"), together.count("cores of Q")) == (1, 0)
    assert (apart.count("cores of P"), apart.count("cores of Q")) == (1, 1)
    assert apart.index("LoRA training") < apart.index("cores of Q") < apart.index("`score`")


def test_what_is_missing_is_told_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="not a clone"):
        refuse_missing(["start-prepare"])
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "--quiet"], [*identity, "commit", "--quiet", "--allow-empty", "--message", "a"]):
        subprocess.run(["git", *words], check=True)
    refuse_missing(["start-prepare"])
    with pytest.raises(UserError, match="fetch --unshallow"):
        refuse_missing(["repro"])
    monkeypatch.setattr("benchmarks.side_by_side.checkouts.OLD", "HEAD")
    with pytest.raises(UserError, match="dvc repro"):
        refuse_missing(["score"])


def test_lines_come_back_from_json() -> None:
    assert lines_of(json.loads(json.dumps(as_json([line()])))) == [line()]


def test_the_page_shows_the_committed_results() -> None:
    _, shown, _ = page.parts((ROOT / page.PAGE).read_text("utf-8"))
    assert shown == page.table(json.loads((ROOT / page.RESULTS).read_text("utf-8")))


def test_a_process_tells_its_numbers_and_its_peak() -> None:
    found = measured([sys.executable, "-c", "x = b'x' * 3 * 10**8; print('said'); print('{\"n\": 3}')"])
    assert found["n"] == 3
    assert 0.3 < found["peak_gigabytes"] < 0.4
    with pytest.raises(Failed, match="nothing to measure"):
        measured([sys.executable, "-c", "raise SystemExit('nothing to measure')"])


def test_trl_gets_the_memory_settings_of_our_stages() -> None:
    names = {
        "MALLOC_MMAP_MAX_": MMAP_MAX,
        "MALLOC_TRIM_THRESHOLD_": TRIM_THRESHOLD,
        "MALLOC_TOP_PAD_": TOP_PAD,
    }
    assert {names[name]: int(value) for name, value in learning.MALLOC.items()} == KEPT


def test_operations_of_a_step_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    # trunk of 2, branches of 1 + 3 - 1 and 2 + 1 - 1 tokens: 2 + 3 + 2 = 7; 4 predicted tokens
    monkeypatch.setattr("benchmarks.side_by_side.cost.weights", lambda: (10, 100))
    rows = [
        {"prompt_ids": [1, 2, 3], "completion_ids": [4, 5, 6]},
        {"prompt_ids": [1, 2, 7, 8], "completion_ids": [9]},
    ]
    assert of_a_step(rows) == 4 * (10 * 7 + 100 * 4)


def test_gguf_holds_the_weights_in_its_own_order(tmp_path: Any) -> None:
    import gguf
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        hidden_size=8, intermediate_size=12, num_hidden_layers=1, num_attention_heads=2, vocab_size=32,
        num_key_value_heads=1, max_position_embeddings=16, tie_word_embeddings=True,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    write_gguf(model.config, model.state_dict(), tmp_path / "a.gguf")
    found = {
        one.name: torch.from_numpy(one.data.copy()) for one in gguf.GGUFReader(tmp_path / "a.gguf").tensors
    }
    layer = model.model.layers[0]
    assert torch.equal(found["token_embd.weight"], model.model.embed_tokens.weight)
    assert torch.equal(found["blk.0.ffn_down.weight"], layer.mlp.down_proj.weight)
    assert torch.equal(found["blk.0.attn_k.weight"], layer.self_attn.k_proj.weight[[0, 2, 1, 3]])
    assert torch.equal(found["blk.0.attn_q.weight"], layer.self_attn.q_proj.weight[[0, 2, 1, 3, 4, 6, 5, 7]])
    assert "output.weight" not in found


@pytest.mark.parametrize("package", ["benchmarks", "stages.train"])
def test_torch_finds_the_environment_made(package: str) -> None:
    code = f"import sys, {package}; print('stages.common.llm' in sys.modules, 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_operators_are_summed_by_group() -> None:
    operators = [("aten::mm", 2.0), ("aten::_softmax", 1.0), ("aten::mul", 0.5), ("noise", 0.25)]
    assert by_group(operators) == {"products": 2.0, "attention": 1.0, "noise": 0.25, "others": 0.5}
