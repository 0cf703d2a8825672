"""The measurement of a Mac: what its file says, and that it says nothing of its owner."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.mac import __main__ as mac
from benchmarks.mac import missing, parts, peer, work
from stages.shell import machine
from stages.shell.errors import UserError
from thesis.doctor.findings import ok, problem

ANN = "/Users/ann lee"
DOCTOR = {
    "summary": {"ok": 1, "warning": 0, "problem": 1},
    "findings": [
        {"topic": "device", "word": "ok", "found": f"mps, see {ANN}/thesis/x.json", "remedy": None},
        {"topic": "data", "word": "problem", "found": "secret.json: 3 people", "remedy": "Fix it"},
    ],
}


@pytest.fixture
def in_process(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run the parts on the tiny Llama in this process, as a user Ann."""

    def run(words: list[str], environment: Any) -> dict[str, Any]:
        if words[1] == "thesis":
            return DOCTOR
        part, name, folder = words[2:]
        return parts.outcome(lambda: parts.PARTS[part](name, work.base_named(name), Path(folder)))

    monkeypatch.setattr(mac, "_run", run)
    monkeypatch.setattr(machine, "own_names", lambda: {ANN, "ann lee", "anns-mac"})
    monkeypatch.setattr(
        mac, "machine", lambda: {"chip": "Apple M3", "memory_bytes": 16e9, "system": "macOS 15"}
    )
    return workspace


def measured(monkeypatch: pytest.MonkeyPatch, *words: str) -> dict[str, Any]:
    monkeypatch.setattr(sys, "argv", ["benchmarks.mac", *words])
    mac.main()
    found: dict[str, Any] = json.loads(mac.OUT.read_text("utf-8"))
    return found


def test_the_file_is_whole_and_holds_nothing_private(in_process, monkeypatch, capsys):
    monkeypatch.setattr(peer, "environment", lambda folder: None)
    found = measured(monkeypatch, "--bases", "tiny")
    tiny = found["bases"]["tiny"]
    for which in ("train", "train_on_cpu"):
        one = tiny[which]
        assert (one["ran"], one["device"], one["dtype"], len(one["losses"])) == (True, "cpu", "float32", 20)
        assert one["loss_after"] < one["loss_before"]
        assert one["tokens_per_second"] > 0
        assert one["peak_bytes"] > 0
    assert tiny["draw"]["draws"] == 20
    assert 0 < tiny["draw"]["tokens"] <= 20 * work.MAX_NEW_TOKENS
    # the device is the CPU: the same numbers
    assert tiny["equal"]["train_on_cpu"] == {"before": 0, "largest": 0, "after": 0, "equal": True}
    assert tiny["equal"]["draw_on_cpu"] == {"draws": 20, "same": 20}
    assert tiny["mlx_lm"] == {"ran": False, "why": "mlx==0.32.4 and mlx-lm==0.32.2 could not be installed"}
    assert found["doctor"]["summary"] == DOCTOR["summary"]
    assert [row["found"] for row in found["doctor"]["findings"]] == ["mps, see …"]
    text = mac.OUT.read_text("utf-8")
    assert not [word for word in ("ann", str(in_process), "secret", "token_ids", "remedy") if word in text]
    assert "20 of 20 draws are the same on the CPU" in capsys.readouterr().out


def test_a_base_that_is_not_there_is_told(in_process, monkeypatch, capsys):
    monkeypatch.setattr(mac, "missing", lambda name: f"{name}: no login\nhf auth login")
    found = measured(monkeypatch, "--bases", "llama-2-7b-nf4", "--no-doctor")
    assert found["bases"] == {"llama-2-7b-nf4": {"ran": False, "why": "llama-2-7b-nf4: no login"}}
    assert found["doctor"] == {"ran": False, "why": "--no-doctor"}
    assert "hf auth login" in capsys.readouterr().err


def test_a_part_that_fails_costs_no_other(in_process, monkeypatch):
    def fail(name: str, base: Any, folder: Path) -> dict[str, Any]:
        raise RuntimeError(f"MPS backend out of memory at {ANN}/thesis\nmore")

    monkeypatch.setitem(parts.PARTS, "draw", fail)
    tiny = measured(monkeypatch, "--bases", "tiny", "--no-doctor", "--no-mlx")["bases"]["tiny"]
    assert tiny["draw"] == {"ran": False, "why": "RuntimeError: MPS backend out of memory at …"}
    assert tiny["train"]["ran"]
    assert "draw_on_cpu" not in tiny["equal"]
    assert tiny["mlx_lm"] == tiny["equal"]["mlx_lm"] | {"why": "--no-mlx"}


def test_a_process_that_dies_is_told(monkeypatch):
    # signal 9 is what the system sends if memory runs out
    said = mac._run(["-c", "import os; os.kill(os.getpid(), 9)"], {})
    assert said == {"ran": False, "why": "the process ended with signal 9: too little memory?"}


def test_what_others_say_before_the_json_is_ignored():
    assert mac._run(["-c", "print('warning'); print('{\"ran\": true}')"], {}) == {"ran": True}


def test_without_bitsandbytes_nothing_is_fetched(workspace, monkeypatch):
    monkeypatch.setattr(missing, "find_spec", lambda name: None)
    monkeypatch.setattr(missing, "cached", lambda *_: pytest.fail("asked for weights"))
    assert missing.missing("llama-2-7b-nf4").startswith("bitsandbytes is not installed")


@pytest.mark.parametrize(
    ("access", "free", "expected"),
    [
        (ok("yes"), 10**12, ""),
        (problem("no access", "Ask"), 10**12, "no access\nAsk"),
        (ok("yes"), 10**9, "base's cache: 13.5 GB will be written, 1.0 GB are free\n"),
    ],
)
def test_access_and_room_are_asked_for_before_the_download(workspace, monkeypatch, access, free, expected):
    monkeypatch.setattr(missing, "find_spec", lambda name: name)
    monkeypatch.setattr(missing, "cached", lambda *_: None)
    monkeypatch.setattr(missing.base, "available", lambda *_: access)
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    found = missing.missing("llama-2-7b-nf4")
    assert found.startswith(expected)
    assert bool(found) == bool(expected)


def test_an_entry_that_was_removed(workspace):
    with pytest.raises(UserError, match="no entry 'gone'"):
        work.base_named("gone")


def test_records_are_alike_on_every_computer():
    one, two = ([*work.examples()] for _ in range(2))
    assert one == two
    assert len({row.source_id for row in one}) == len(one) == work.N_STEPS * work.BATCH
    assert all([*json.loads(row.completion)] == [*work.FIELDS] for row in one)


def test_losses_of_another_training():
    # 2e-4 before training is more than float32 rounds
    one = {"ran": True, "loss_before": 2.0, "losses": [2.0], "loss_after": 1.0}
    assert mac.compared(one, one)["equal"]
    assert not mac.compared(one, {**one, "loss_before": 2.0002})["equal"]
    assert not mac.compared(one, {"ran": False, "why": "x"})["ran"]


@pytest.mark.parametrize("wrong", [{"loss_after": float("inf")}, {"losses": [1.0, float("nan")]}])
def test_losses_that_are_no_numbers_did_not_run(wrong):
    one = {"ran": True, "loss_before": 2.0, "losses": [1.5, 1.0], "loss_after": 1.0}
    assert mac.finite(one) == one
    assert not mac.finite({**one, **wrong})["ran"]


def test_mlx_lm_gets_the_rows_and_its_speed_counts_as_ours(workspace, tmp_path, monkeypatch):
    # steps end at 1, 2 and 4 s; rows of 3 and 5 tokens in the last two steps: 8 tokens in 3 s
    job = {"prompts": [[1], [1], [1, 2]], "completions": [[1], [2, 3], [4, 5, 6]], "order": [[0], [1], [2]]}
    (tmp_path / work.ORDER).write_text(json.dumps(job), "utf-8")
    made = tmp_path / "venv"
    monkeypatch.setattr(peer, "environment", lambda folder: made)

    def run(command: list[str], **_: Any) -> Any:
        assert command == [str(made), str(peer.SCRIPT), str(tmp_path / work.ORDER)]
        return subprocess.CompletedProcess(
            command, 0, stdout='log\n{"times": [1, 2, 4], "losses": [3, 2, 1]}\n'
        )

    monkeypatch.setattr(peer.subprocess, "run", run)
    found = peer.train_with_mlx(tmp_path)
    assert (found["ran"], found["tokens_per_second"], found["losses"]) == (True, 2.67, [3, 2, 1])


def test_mlx_lm_is_installed_once_and_outside_of_the_project(tmp_path, monkeypatch):
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> Any:
        commands.append(command)
        (tmp_path / "mlx-lm").mkdir(exist_ok=True)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(peer.subprocess, "run", run)
    for _ in range(2):
        assert peer.environment(tmp_path / "mlx-lm") == tmp_path / "mlx-lm/bin/python"
    venv, pip = commands
    assert venv == [sys.executable, "-m", "venv", "--clear", str(tmp_path / "mlx-lm")]
    assert pip[0] == str(tmp_path / "mlx-lm/bin/python")
    monkeypatch.setattr(peer.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1))
    assert peer.environment(tmp_path / "other") is None
