"""`make unchanged` under the real DVC: what it records, and what it leaves to run again."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.unchanged import main

DVC_YAML = """
stages:
  one:
    cmd: python stages/one/main.py
    deps: [stages/one, stages/helper.py]
    outs: [one.txt]
  two:
    cmd: python -c "open('two.txt', 'w').write('2')"
    deps: [stages/helper.py]
    params: [two]
    outs: [two.txt]
"""
MAIN = 'def main():\n    """Write."""\n    open("one.txt", "w").write("1")\nmain()\n'
HELPER = "# a comment\nRATE = 1\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """A project in which both stages ran and are committed; runs a command in it."""
    monkeypatch.chdir(tmp_path)

    def run(*command: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    (tmp_path / "stages/one").mkdir(parents=True)
    write(MAIN, HELPER)
    Path("dvc.yaml").write_text(DVC_YAML)
    Path("params.yaml").write_text("two: 2\n")
    run("git", "init", "--quiet")
    run("dvc", "init", "--quiet")
    run("dvc", "repro", "--quiet")
    run("git", "add", "--all")
    run(
        "git",
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.org",
        "commit",
        "--quiet",
        "--message",
        "A run",
    )
    return run


def write(main_py: str, helper: str) -> None:
    Path("stages/one/main.py").write_text(main_py)
    Path("stages/helper.py").write_text(helper)


def test_it_records_a_corrected_comment_and_names_changed_code(
    project: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    main()
    assert capsys.readouterr().out == "Every stage is current\n"
    write(MAIN.replace("Write.", "Write one."), HELPER.replace("a comment", "another"))
    main()
    assert capsys.readouterr().out == (
        "one: recorded; the code is the same in stages/helper.py, stages/one\n"
        "two: recorded; the code is the same in stages/helper.py\n"
    )
    assert project("dvc", "status").strip() == "Data and pipelines are up to date."
    write(MAIN.replace('"1"', '"11"'), HELPER)  # the recorded helper is in no commit now
    lock = Path("dvc.lock").read_text()
    main()
    assert capsys.readouterr().out == (
        "one: left as it is; it has to run again\n"
        "  stages/helper.py: the version that dvc.lock recorded is in no commit, so there is nothing to "
        "compare with\n"
        "  stages/one: the version that dvc.lock recorded is in no commit, so there is nothing to "
        "compare with\n"
        "two: left as it is; it has to run again\n"
        "  stages/helper.py: the version that dvc.lock recorded is in no commit, so there is nothing to "
        "compare with\n"
    )
    assert Path("dvc.lock").read_text() == lock


def test_it_leaves_code_params_outputs_and_other_files_to_run_again(
    project: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    write(MAIN.replace('"1"', '"11"'), HELPER.replace("= 1", "= 2"))
    Path("stages/one/new.py").write_text("")
    Path("stages/one/words.yaml").write_text("a: 1\n")
    Path("params.yaml").write_text("two: 3\n")
    Path("two.txt").write_text("3")
    lock = Path("dvc.lock").read_text()
    main()
    out = capsys.readouterr().out
    for line in (
        "stages/one/main.py: main",
        "stages/helper.py: RATE",
        "stages/one/new.py: new",
        "stages/one/words.yaml: new",
        "params.yaml: two (changed deps)",
        "two.txt: modified (changed outs)",
    ):
        assert f"  {line}\n" in out
    assert Path("dvc.lock").read_text() == lock
