"""A forced second run leaves the same bytes, and opens nothing that dvc.yaml does not list."""

from collections import defaultdict

import pytest
import yaml

from tests.imports import closure
from tests.listed import package
from tests.tiny import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"]
OF_THE_RECORD = ("dvc.yaml", ".dvcignore", ".dvc/tmp/rwlock", "requirements.lock")
"""What tells whether an edit came in between, which dvc this is, and what is installed: no result of any."""
WITHOUT_CODE = ("stages/__init__.py", "stages/common/__init__.py")
SPY = """
import os, sys
folder, log = os.environ.get("SPY_FOLDER"), os.environ.get("SPY_LOG")
command = " ".join(sys.orig_argv[1:])
def spy(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        path = os.path.abspath(os.fsdecode(args[0]))
        if path.startswith(folder) and ".part" not in path:
            mode = "w" if (args[2] or 0) & (os.O_WRONLY | os.O_RDWR) else "r"
            if mode == "r" and not os.path.exists(path):
                return  # a name within an open folder, as rmtree opens it
            handle = os.open(log, os.O_APPEND | os.O_CREAT | os.O_WRONLY)
            os.write(handle, f"{command}\\t{mode}\\t{path[len(folder):]}\\n".encode())
            os.close(handle)
if folder and command.startswith("-m stages."):
    sys.addaudithook(spy)
"""
"""A sitecustomize.py that logs every file that Python opens while a stage runs."""


@pytest.fixture(scope="module")
def forced(finished, tmp_path_factory):
    """A copy in which everything ran a second time, and what each command opened: (mode, path)."""
    home = tmp_path_factory.mktemp("forced")
    (home / "sitecustomize.py").write_text(SPY, "utf-8")
    project = finished.copy(home / "project")
    project.env = {
        **project.env,
        "PYTHONPATH": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SPY_FOLDER": f"{project.folder}/",
        "SPY_LOG": str(home / "opened.log"),
    }
    project.dvc("repro", "--force")
    opened = defaultdict(set)
    for line in (home / "opened.log").read_text("utf-8").splitlines():
        command, mode, path = line.split("\t")
        if "__pycache__" not in path:
            opened[f"python {command}"].add((mode, path))
    return project, opened


def test_a_forced_run_leaves_the_same_bytes(finished, forced):
    before, after = finished.results(), forced[0].results()
    assert any(name.endswith(".safetensors") for name in before)
    assert [name for name in before if after.get(name) != before[name]] == []
    assert before.keys() == after.keys()
    assert forced[0].changed() == set()


@pytest.mark.parametrize("stage", STAGES)
def test_every_file_that_a_stage_opens_is_listed(forced, stage):
    """Files that a stage really opens; code of the environment is ignored."""
    node = STAGES[stage]
    entries = [entry for kind in ("outs", "metrics", "plots") for entry in node.get(kind, [])]
    outs = [entry if isinstance(entry, str) else next(iter(entry)) for entry in entries]
    params = [next(iter(entry)) for entry in node.get("params", []) if isinstance(entry, dict)]
    code = closure(package(stage), with_shell=True)
    read = [*node["deps"], *params, *outs, *code, *OF_THE_RECORD, "params.yaml", ".work", *WITHOUT_CODE]
    opened = forced[1][node["cmd"]]
    assert {path for mode, path in opened if mode == "r" and not within(path, read)} == set()
    written = {path for mode, path in opened if mode == "w" and not within(path, [*outs, ".work"])}
    assert written == set()
    data = [dep for dep in node["deps"] if not dep.startswith("stages/")]
    assert [dep for dep in data if not any(within(path, [dep]) for _, path in opened)] == []


def within(path, places):
    return any(path == place or path.startswith(f"{place}/") for place in places)
