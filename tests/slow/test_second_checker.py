"""A checker that is not ours reads the same claims, and finds the same numbers."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest

from tests.tiny import ROOT
from thesis.claims.running import run_repro

pytestmark = pytest.mark.slow
pytest.importorskip("claims.cli", reason="not installed: pip install -c requirements.lock -e '.[claims]'")

CHECKED = re.compile(r"^  (ok|MISS|GONE|--) ", re.MULTILINE)


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """The committed results and their claims, with a repro.yaml."""
    for name in ("claims.yaml", "params.yaml", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("metrics", "benchmarks", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert run_repro(tmp_path / "repro.yaml")
    return tmp_path


def verified(folder):
    """The exit code, and how many claims have which outcome."""
    command = [sys.executable, "-m", "claims", "verify"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, Counter(CHECKED.findall(done.stdout))


def test_it_finds_every_number(copy):
    code, outcomes = verified(copy)
    assert code == 0
    assert set(outcomes) == {"ok"}
    assert outcomes["ok"] >= 50


def test_it_finds_a_forged_number(copy):
    path = copy / "metrics/data.json"
    data = json.loads(path.read_text("utf-8"))
    data["original"]["n_people"] += 1
    path.write_text(json.dumps(data), "utf-8")
    code, outcomes = verified(copy)
    assert code != 0
    assert outcomes["MISS"] >= 1
