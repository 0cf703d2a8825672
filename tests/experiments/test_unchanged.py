"""`make unchanged` under the real DVC: what it records, and what it leaves to run again."""

import shutil
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
WHO = ("-c", "user.name=A", "-c", "user.email=a@example.org")
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
    commit(run, "A run")
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
        "one: left as it is; it must run again\n"
        "  stages/helper.py: the version that dvc.lock recorded is in no commit, so there is nothing to "
        "compare with\n"
        "  stages/one: the version that dvc.lock recorded is in no commit, so there is nothing to "
        "compare with\n"
        "two: left as it is; it must run again\n"
        "  stages/helper.py: the version that dvc.lock recorded is in no commit, so there is nothing to "
        "compare with\n"
    )
    assert Path("dvc.lock").read_text() == lock


def commit(run: Callable[..., str], message: str = "A change") -> None:
    run("git", "add", "--all")
    run("git", *WHO, "commit", "--quiet", "--message", message)


def test_a_file_that_git_ignores_and_dvc_counts_is_not_recorded(
    project: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path(".git/info/exclude").write_text("*.zip\n*.swp\n")
    Path(".dvcignore").write_text("*.swp\n")
    write(MAIN.replace("Write.", "Write one."), HELPER)
    Path("stages/one/.main.py.swp").write_text("")
    Path("stages/one/words.zip").write_text("")
    lock = Path("dvc.lock").read_text()
    main()
    assert capsys.readouterr().out == ("one: left as it is; it must run again\n  stages/one/words.zip: new\n")
    assert Path("dvc.lock").read_text() == lock
    Path("stages/one/words.zip").unlink()
    main()
    assert capsys.readouterr().out == "one: recorded; the code is the same in stages/one\n"


def test_a_version_that_a_merge_left_aside_is_found(
    project: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    """One branch ran with its helper; the merge took the other branch's, of other words."""
    start = project("git", "branch", "--show-current").strip()
    project("git", "checkout", "--quiet", "-b", "ran")
    write(MAIN, HELPER.replace("= 1", "= 2"))
    project("dvc", "repro", "--quiet")
    commit(project)
    project("git", "checkout", "--quiet", start)
    write(MAIN, HELPER.replace("= 1", "= 2").replace("a comment", "another"))
    commit(project)
    project("git", *WHO, "merge", "--quiet", "-X", "ours", "--no-edit", "ran")
    main()
    assert "one: recorded" in capsys.readouterr().out


def test_a_shallow_clone_is_told_what_brings_the_recorded_version(
    project: Callable[..., str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(MAIN, HELPER.replace("a comment", "another"))
    commit(project)
    project("git", "clone", "--quiet", "--depth", "1", f"file://{Path.cwd()}", "shallow")
    shutil.copytree(".dvc/cache", "shallow/.dvc/cache")
    monkeypatch.chdir("shallow")
    project("dvc", "checkout", "--quiet")
    main()
    assert "is in no commit of this shallow clone; first: git fetch --unshallow" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"# \xe9\nRATE = 1\n", "stages/helper.py: byte 2 is not UTF-8"),
        (b"RATE = (\n", "stages/helper.py:1: not Python: '(' was never closed"),
        (b"RATE = 1\0\n", "stages/helper.py: not Python: source code string cannot contain null bytes"),
    ],
)
def test_what_is_not_python_has_to_run_again(
    project: Callable[..., str], capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    Path("stages/helper.py").write_bytes(content)
    main()
    assert capsys.readouterr().out.count(f"  {said}\n") == 2


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
