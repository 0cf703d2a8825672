"""Python, system, environment and packages, as they might be found."""

from pathlib import Path

import pytest

from stages.shell.errors import UserError
from stages.shell.locked import locked_versions, same_version
from tests.imports import ROOT
from thesis.doctor.environment import dependencies, judge_own, judge_packages, judge_system, judge_version


@pytest.mark.parametrize("version", [(3, 10), (3, 15)])
def test_a_python_without_torch(version):
    wrong = judge_version(version)
    assert (wrong.word, "3.11 to 3.14" in wrong.found, bool(wrong.remedy)) == ("problem", True, True)
    assert judge_version((3, 12)).word == "ok"


@pytest.mark.parametrize(
    ("system", "machine", "macos", "translated", "word", "part"),
    [
        ("Darwin", "arm64", "15.1", False, "ok", "macOS 15.1 on arm64"),
        ("Linux", "x86_64", "", False, "ok", "Linux on x86_64"),
        ("Darwin", "x86_64", "15.1", False, "problem", "Intel Macs"),
        ("Darwin", "x86_64", "15.1", True, "problem", "built for Intel"),
        ("Darwin", "arm64", "13.6", False, "problem", "macOS 14"),
        ("Windows", "AMD64", "", False, "warning", "never tried"),
    ],
)
def test_systems(system, machine, macos, translated, word, part):
    found = judge_system(system, machine, macos, translated)
    assert (found.word, part in found.found, bool(found.remedy)) == (word, True, word != "ok")


def test_another_python_than_the_projects():
    assert judge_own(own=True, same_on_path=True).word == "ok"
    for own, part in ((False, ".venv"), (True, "another Python")):
        found = judge_own(own, same_on_path=False)
        assert (found.word, part in found.found, bool(found.remedy)) == ("warning", True, True)


LOCK = "# by make lock\ntorch==2.13.0\nappnope==0.1 ; sys_platform == 'nowhere'\nTyper==0.29.0\n"


def test_markers_and_comments_of_the_lock():
    assert locked_versions(LOCK) == {"torch": "2.13.0", "typer": "0.29.0"}


def test_the_own_lock_pins_every_dependency():
    locked = locked_versions((ROOT / "requirements.lock").read_text("utf-8"))
    assert {*dependencies((ROOT / "pyproject.toml").read_text("utf-8"))} <= {*locked}


def test_a_local_build_is_the_same_version():
    assert same_version("2.13.0+cpu", "2.13.0")
    assert not same_version("2.13.1", "2.13.0")


def test_all_packages_are_installed():
    (only,) = judge_packages({"torch": "2.13.0"}, {"torch": "2.13.0+cpu"}, {"torch": ""})
    assert only.word == "ok"


def test_missing_is_a_problem_with_the_command():
    (only,) = judge_packages({"torch": "2.13.0"}, {"torch": None}, {"torch": ""})
    assert (only.word, only.remedy) == ("problem", "pip install -c requirements.lock -e .")


def test_an_extra_is_missed_only_if_params_need_it():
    locked, installed = {"bitsandbytes": "0.50.2"}, {"bitsandbytes": None}
    assert judge_packages(locked, installed, {})[0].word == "ok"
    (only,) = judge_packages(locked, installed, {"bitsandbytes": "quantized"})
    assert only.word == "problem"
    assert '".[quantized]"' in only.remedy


def test_other_versions_are_listed():
    (only,) = judge_packages({"a": "1", "b": "2"}, {"a": "3", "b": "2"}, {})
    assert only.word == "warning"
    assert "a 3 (1)" in only.found
    assert "b " not in only.found


def test_a_broken_project_file():
    with pytest.raises(UserError, match=str(Path("pyproject.toml"))):
        dependencies("[project")
