"""release/store as it is committed: everything that a clone needs, and nothing else."""

import subprocess

import pytest

from experiments.release import store
from experiments.release.__main__ import MAX_BYTES
from experiments.release.outputs import carried, check_kinds, listed_in
from experiments.release.private import unfit
from experiments.release.ready import added_by_hand, needed_by_tags
from stages.common.params import read_yaml
from tests.tiny import ROOT
from thesis.verify.belonging.store import is_sound, place

AGAIN = "After a run that replaces the released one: make release"
PLACE = ROOT / store.STORE
FILES = store.files_of(PLACE)


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch):
    monkeypatch.chdir(ROOT)


def outputs():
    return carried(read_yaml(ROOT / "dvc.yaml"), read_yaml(ROOT / "dvc.lock"))


def test_only_parts_of_a_release_are_carried():
    check_kinds(outputs(), added_by_hand())


@pytest.mark.skipif(not FILES, reason="nothing was released yet")
class TestReleased:
    def test_a_clone_can_pull_every_output(self):
        needed = {output.md5 for output in outputs()}
        present = store.with_members(needed)
        folders = [place(md5).read_bytes() for md5 in present if md5.endswith(".dir")]
        needed |= {md5 for content in folders for md5 in listed_in(content)}
        assert needed - present == set(), AGAIN

    def test_nothing_else_is_there(self):
        if "true" in _git("rev-parse", "--is-shallow-repository"):
            pytest.skip("a shallow clone has no tags")
        needed = store.with_members(output.md5 for output in outputs())
        needed = needed.union(*(store.with_members(md5s) for _, md5s in needed_by_tags([])))
        superfluous = {*store.files_of()} - {place(md5) for md5 in needed}
        assert superfluous == set(), AGAIN

    def test_every_object_is_what_its_name_says_and_may_be_published(self):
        assert [path for path in FILES if not is_sound(path)] == []
        assert {path.name: reasons for path in FILES if (reasons := unfit(path.read_bytes()))} == {}

    def test_its_size(self):
        assert sum(path.stat().st_size for path in FILES) <= MAX_BYTES

    def test_git_has_the_same_files(self):
        assert len(_git("ls-files", "--", "release/store").splitlines()) == len(FILES)


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout
