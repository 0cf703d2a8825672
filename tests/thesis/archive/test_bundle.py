"""The bundle: the same commits give the same bytes, and git reads it."""

import subprocess

import pytest

from thesis.archive.bundle import bundle
from thesis.archive.git import head


@pytest.fixture
def history(small):
    for n in range(12):
        small.write("data/long.txt", "".join(f"{m * n} people\n" for m in range(400)))
        small.commit(f"Change {n}")
    small.git("tag", "-a", "-m", "The first", "v1", "HEAD~3")
    small.git("tag", "v2")
    return small


def test_two_clones_packed_otherwise_give_the_same_bytes(history, tmp_path, monkeypatch):
    history.git("repack", "-a", "-d", "-F", "--window=1", "--depth=1")
    found = [bundle(head())]
    subprocess.run(["git", "clone", "-q", "--no-local", history.root, tmp_path / "b"], check=True)
    monkeypatch.chdir(tmp_path / "b")
    for settings in (("pack.compression", "1"), ("pack.threads", "4"), ("repack.writeBitmaps", "true")):
        subprocess.run(["git", "config", *settings], check=True)
    subprocess.run(["git", "repack", "-a", "-d", "-f", "-q", "--window=50", "--depth=99"], check=True)
    found.append(bundle(head()))
    assert found[0] == found[1]


def test_git_clones_it_with_its_tags(history, tmp_path):
    (tmp_path / "a.bundle").write_bytes(bundle(head()))
    history.git("bundle", "verify", "--quiet", str(tmp_path / "a.bundle"))
    subprocess.run(["git", "clone", "-q", tmp_path / "a.bundle", tmp_path / "clone"], check=True)
    done = subprocess.run(
        ["git", "log", "--format=%H %D"], cwd=tmp_path / "clone", capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 12
    assert lines[0].startswith(history.git("rev-parse", "HEAD").strip())
    assert "tag: v2" in lines[0]
    assert "tag: v1" in lines[3]


def test_tags_of_other_branches_stay_out(history):
    history.git("checkout", "-q", "-b", "side")
    history.write("secret-plan.txt", "x")
    history.commit("Elsewhere")
    history.git("tag", "v3")
    history.git("checkout", "-q", "trunk")
    assert b"refs/tags/v3" not in bundle(head()).split(b"\n\n")[0]


def test_without_history_it_is_one_commit_with_the_same_files(history, tmp_path):
    (tmp_path / "a.bundle").write_bytes(bundle(head(), with_history=False))
    subprocess.run(["git", "clone", "-q", tmp_path / "a.bundle", tmp_path / "clone"], check=True)

    def git(*words: str) -> str:
        return subprocess.check_output(["git", *words], cwd=tmp_path / "clone", text=True).strip()

    assert git("rev-list", "--all", "--count") == "1"
    assert git("rev-parse", "HEAD^{tree}") == history.git("rev-parse", "HEAD^{tree}").strip()
    assert head().id in git("log", "-1", "--format=%B")
