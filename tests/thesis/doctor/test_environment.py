"""Python, system, environment and packages, as they might be found."""

from dataclasses import replace
from pathlib import Path

import pytest

from stages.shell.errors import UserError
from stages.shell.locked import locked_versions, same_version
from tests.imports import ROOT
from thesis.doctor.environment import Interpreter, Packages, dependencies, judge_packages, judge_python

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


LOCK = "# by make lock\ntorch==2.13.0\nappnope==0.1 ; sys_platform == 'nowhere'\nTyper==0.29.0\n"


def found(locked=None, installed=None, needed=None):
    return Packages(locked or {}, installed or {}, needed or {})


def test_markers_and_comments_of_the_lock():
    assert locked_versions(LOCK) == {"torch": "2.13.0", "typer": "0.29.0"}


def test_the_own_lock_pins_every_dependency():
    locked = locked_versions((ROOT / "requirements.lock").read_text("utf-8"))
    assert {*dependencies((ROOT / "pyproject.toml").read_text("utf-8"))} <= {*locked}


def test_a_local_build_is_the_same_version():
    assert same_version("2.13.0+cpu", "2.13.0")
    assert not same_version("2.13.1", "2.13.0")


def test_all_there():
    (only,) = judge_packages(found({"torch": "2.13.0"}, {"torch": "2.13.0+cpu"}, {"torch": ""}))
    assert only.word == "ok"


def test_missing_is_a_problem_with_the_command():
    (only,) = judge_packages(found({"torch": "2.13.0"}, {"torch": None}, {"torch": ""}))
    assert (only.word, only.remedy) == ("problem", "pip install -c requirements.lock -e .")


def test_an_extra_is_missed_only_if_params_need_it():
    locked, installed = {"bitsandbytes": "0.50.2"}, {"bitsandbytes": None}
    assert judge_packages(found(locked, installed))[0].word == "ok"
    (only,) = judge_packages(found(locked, installed, {"bitsandbytes": "quantized"}))
    assert only.word == "problem"
    assert '".[quantized]"' in only.remedy


def test_other_versions_are_listed():
    (only,) = judge_packages(found({"a": "1", "b": "2"}, {"a": "3", "b": "2"}))
    assert only.word == "warning"
    assert "a 3 (1)" in only.found
    assert "b " not in only.found


def test_a_broken_project_file():
    with pytest.raises(UserError, match=str(Path("pyproject.toml"))):
        dependencies("[project")
