"""Python, system and environment, as they might be found."""

from dataclasses import replace

import pytest

from thesis.doctor.environment import Interpreter, judge_python

MAC = Interpreter((3, 12), "Darwin", "arm64", "15.1", False, True, True)


def words(found):
    return [finding.word for finding in judge_python(found)]


def test_a_mac_as_it_should_be():
    assert words(MAC) == ["ok", "ok", "ok"]


@pytest.mark.parametrize(
    ("change", "word", "part"),
    [
        ({"version": (3, 10)}, "problem", "3.11 to 3.14"),
        ({"version": (3, 15)}, "problem", "3.11 to 3.14"),
        ({"machine": "x86_64"}, "problem", "Intel Macs"),
        ({"machine": "x86_64", "translated": True}, "problem", "built for Intel"),
        ({"macos": "13.6"}, "problem", "macOS 14"),
        ({"own_environment": False}, "warning", ".venv"),
        ({"same_on_path": False}, "warning", "another Python"),
        ({"system": "Windows", "macos": ""}, "warning", "never tried"),
    ],
)
def test_what_is_wrong_is_said_with_a_remedy(change, word, part):
    wrong = [finding for finding in judge_python(replace(MAC, **change)) if finding.word != "ok"]
    assert [finding.word for finding in wrong] == [word]
    assert part in wrong[0].found
    assert wrong[0].remedy


def test_linux_on_intel_is_fine():
    assert words(replace(MAC, system="Linux", machine="x86_64", macos="")) == ["ok", "ok", "ok"]
