"""An archive of a run: back to a clone that DVC finds current, and valid by validators that are not ours."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project import Project
from tests.tiny import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
VALIDATORS = ROOT / ".work/validators/bin"
ALSO = ("CITATION.cff", "LICENSE", "requirements.lock")
STORE = "[core]\n    remote = store\n['remote \"store\"']\n    url = ../release/store\n    verify = true\n"
ARCHIVE = """
from pathlib import Path
from thesis.archive import running
running.refuse_unverified = lambda: None
running.run_archive(Path({zip!r}), None, with_history=True)
"""
RESTORE = """
from pathlib import Path
from thesis.archive.restoring import restore
restore(Path({zip!r}), Path({clone!r}))
"""
needs_validators = pytest.mark.skipif(
    not VALIDATORS.exists(), reason="make test-slow installs the validators"
)


@pytest.fixture(scope="module")
def released(finished, tmp_path_factory) -> Project:
    """A finished project whose artifacts lie in release/store, committed."""
    project = finished.copy(tmp_path_factory.mktemp("archive") / "project")
    for name in ALSO:
        shutil.copy(ROOT / name, project.folder)
    (project.folder / ".dvc/config.local").unlink()
    (project.folder / ".dvc/config").write_text(STORE, "utf-8")
    project.dvc("push", "--quiet")
    project.git("add", "--all")
    project.git("add", "--force", "release")
    project.git("commit", "--quiet", "--message", "A release")
    project.git("tag", "thesis-v1")
    return project


@pytest.fixture(scope="module")
def archive(released, tmp_path_factory) -> Path:
    path: Path = tmp_path_factory.mktemp("zip") / "thesis.zip"
    run_python(released, ARCHIVE.format(zip=str(path)))
    return path


@pytest.fixture(scope="module")
def unpacked(archive, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    shutil.unpack_archive(archive, folder)
    return folder


def run_python(project: Project, code: str) -> str:
    """Run Python in a project with the commands of this repository, but the stages of the project."""
    path = f"{project.folder}{os.pathsep}{ROOT}"
    return Project(project.folder, {**project.env, "PYTHONPATH": path}).do(sys.executable, "-c", code)


def test_the_archive_checks_itself_and_copies_the_results(released, unpacked, tmp_path):
    command = [sys.executable, "-I", unpacked / "check", "--copy", tmp_path]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    for name in ("models/adapters", "data/generated", "reports/report.html"):
        copied, made = tmp_path / name, released.folder / name
        pairs = [(copied, made)] if made.is_file() else [
            (copied / file.relative_to(made), file) for file in made.rglob("*") if file.is_file()
        ]  # fmt: skip
        assert pairs
        assert all(one.read_bytes() == other.read_bytes() for one, other in pairs)


def test_restoring_gives_a_clone_with_everything_current(released, archive, tmp_path):
    code = RESTORE.format(zip=str(archive), clone=str(tmp_path / "clone"))
    run_python(released, code)
    clone = Project(tmp_path / "clone", released.env)
    assert clone.changed() == set()
    assert clone.git("status", "--porcelain") == ""
    assert clone.git("remote") == ""
    assert clone.git("tag").split() == ["thesis-v1"]
    assert clone.git("rev-parse", "HEAD") == released.git("rev-parse", "HEAD")
    assert "restored" not in clone.dvc("remote", "list")
    made, there = released.results(), clone.results()
    assert {name: made[name] for name in there} == there
    assert {name for name in made if name.startswith(("models", "data"))} <= {*there}


def test_git_and_dvc_alone_do_the_same(released, unpacked, tmp_path):
    plain = Project(tmp_path, released.env)
    plain.do("git", "clone", "--quiet", str(unpacked / "repository.bundle"), "clone")
    clone = Project(tmp_path / "clone", released.env)
    clone.dvc("pull", "--quiet")
    assert clone.changed() == set()


def test_the_store_of_the_archive_is_a_remote_for_any_clone(released, unpacked, tmp_path):
    other = Project(tmp_path / "clone", released.env)
    Project(tmp_path, {}).do("git", "clone", "--quiet", str(unpacked / "repository.bundle"), "clone")
    shutil.rmtree(other.folder / "release")
    other.dvc("remote", "add", "--local", "--default", "archive", str(unpacked / "store"))
    other.dvc("pull", "--quiet")
    assert (other.folder / "models/adapters/original/adapter_model.safetensors").exists()


@needs_validators
def test_the_crate_is_valid_offline(unpacked, tmp_path):
    command = [
        VALIDATORS / "python",
        Path(__file__).with_name("offline_crate.py"),
        unpacked,
        tmp_path / "cache",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout[done.stdout.index("{\n") :])
    assert found["passed"]
    assert found["issues"] == []
    assert "provenance-run-crate-0.5" in found["statistics"]["profiles"]
    assert found["statistics"]["total_checks"] > 80


@needs_validators
@pytest.mark.parametrize(
    "change", [{"mainEntity": {"@id": "README.md"}}, {"license": []}, {"conformsTo": []}]
)
def test_the_validator_sees_mistakes(unpacked, tmp_path, change):
    shutil.copytree(unpacked, tmp_path / "crate", ignore=shutil.ignore_patterns("repository.bundle"))
    file = tmp_path / "crate/ro-crate-metadata.json"
    metadata = json.loads(file.read_text("utf-8"))
    [root] = [entity for entity in metadata["@graph"] if entity["@id"] == "./"]
    root.update(change)
    file.write_text(json.dumps(metadata), "utf-8")
    script = Path(__file__).with_name("offline_crate.py")
    command = [VALIDATORS / "python", script, tmp_path / "crate", tmp_path / "cache"]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


@needs_validators
@pytest.mark.parametrize("where", ["repository", "archive"])
def test_the_citation_is_valid(unpacked, where):
    file = (ROOT if where == "repository" else unpacked) / "CITATION.cff"
    command = [VALIDATORS / "cffconvert", "--validate", "-i", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
