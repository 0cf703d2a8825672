"""The machine in words that can be sent to others."""

import platform
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.shell import machine


def test_the_chip_of_a_mac_comes_from_sysctl(monkeypatch):
    def run(command: list[str], **_: Any) -> Any:
        assert command == ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.CompletedProcess(command, 0, stdout="Apple M3 Pro\n")

    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    monkeypatch.setattr(platform, "mac_ver", lambda: ("15.1", ("", "", ""), "arm64"))
    monkeypatch.setattr(machine.subprocess, "run", run)
    assert machine.chip() == "Apple M3 Pro"
    assert machine.system() == "macOS 15.1 arm64"


@pytest.mark.parametrize(
    ("cpu_info", "expected"),
    [
        ("processor\t: 0\nmodel name\t: AMD EPYC 7763\nmodel name\t: other\n", "AMD EPYC 7763"),
        ("processor\t: 0\nBogoMIPS\t: 50\n", "aarch64"),  # ARM names no model
        (None, "aarch64"),
    ],
)
def test_the_chip_on_linux(tmp_path, monkeypatch, cpu_info, expected):
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    monkeypatch.setattr(machine, "CPU_INFO", file := tmp_path / "cpuinfo")
    if cpu_info:
        file.write_text(cpu_info, "utf-8")
    assert machine.chip() == expected


def test_no_name_of_this_machine_is_left():
    said = f"{Path.home()}/x: {Path.cwd() / 'data'} of {machine._user()} on {platform.node()}"
    assert not [name for name in machine.own_names() if name in machine.anonymous(said)]


@given(st.lists(st.text("ab -é", min_size=1), min_size=2), st.sampled_from(["", "'", "("]))
def test_no_path_within_the_home_is_left(parts, before):
    home = "/Users/ann"
    found = machine.anonymous(f"at {before}{home}/{'/'.join(parts)}", [home, "ann"])
    assert "ann" not in found


@pytest.mark.parametrize(
    "text", ["3 tokens/s", "and/or", "https://pypi.org/simple/x", "smollm2/original", "0.5 / 1"]
)
def test_what_is_no_path_stays(text):
    assert machine.anonymous(text, []) == text
