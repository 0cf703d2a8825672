"""`make release` under the real git and DVC: what it holds, what it refuses, and what a clone gets."""

import os
import shutil
import struct
import sys
from pathlib import Path

import pytest

from experiments.release import __main__ as release
from experiments.release import store, unpulled
from experiments.release.private import unfit
from stages.common.files import sha256_of
from stages.shell.errors import UserError
from tests.small_study import (
    ADAPTER,
    ARTIFACTS,
    OBJECTS,
    artifacts,
    clone,
    commit,
    make_small_study,
    run_again,
)
from thesis.verify.lock import Records
from thesis.verify.statement import MANIFEST, read_statement


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    return make_small_study(tmp_path_factory.mktemp("released") / "study")


@pytest.fixture
def study(ran, tmp_path, monkeypatch):
    """The study after its run; the test runs in its folder."""
    copy = ran.copy(tmp_path / "study")
    monkeypatch.chdir(copy.folder)
    monkeypatch.setattr("sys.argv", ["release"])
    return copy


def refused(part: str) -> str:
    with pytest.raises(UserError, match=part) as error:
        release.main()
    return str(error.value)


def in_store() -> set[str]:
    return {path.parent.name + path.name for path in store.files_of()}


def test_a_clone_pulls_everything_without_account_server_or_make(study, tmp_path, capsys):
    release.main()
    assert f"release/store: {OBJECTS} objects, 0.0 MiB; 0 deleted" in capsys.readouterr().out
    commit(study, "Release")
    examiner = clone(study, tmp_path / "examiner")
    shutil.move(study.folder, tmp_path / "away")  # and with it the author's cache
    assert artifacts(examiner) == {}
    examiner.dvc("pull")
    study.folder = tmp_path / "away"
    assert artifacts(examiner) == artifacts(study) != {}
    assert examiner.changed() == set()
    assert examiner.git("status", "--porcelain") == ""


def test_a_second_release_replaces_the_first_but_for_what_a_tag_needs(study, tmp_path, capsys, monkeypatch):
    release.main()
    first = in_store()
    commit(study, "Release")
    study.git("tag", "thesis-v1")
    before = artifacts(study)[ADAPTER]
    run_again(study, seed=2)
    release.main()
    both = in_store()
    # the manifest of the adapter is the same in both runs
    assert (first < both, len(both)) == (True, 2 * OBJECTS - 1)
    commit(study, "Release")
    examiner = clone(study, tmp_path / "examiner")
    examiner.dvc("get", ".", "models/adapters/original", "--rev", "thesis-v1", "--out", str(tmp_path / "v1"))
    assert (tmp_path / "v1" / Path(ADAPTER).name).read_bytes() == before != artifacts(study)[ADAPTER]

    monkeypatch.setattr("sys.argv", ["release", "--without", "thesis-v1"])
    release.main()
    assert (len(in_store()), len(in_store() & first)) == (OBJECTS, 1)
    assert f"{OBJECTS - 1} deleted" in capsys.readouterr().out


def test_what_was_deleted_or_damaged_in_the_store_is_put_back(study):
    # DVC would push nothing: it remembers that the folder's files are there
    release.main()
    whole = {path: path.read_bytes() for path in store.files_of()}
    first, *_, last = whole
    first.unlink()
    last.write_bytes(b"damaged")
    (store.STORE / "half.part").write_bytes(b"left by a killed run")
    release.main()
    assert {path: path.read_bytes() for path in store.files_of()} == whole


def test_a_damaged_object_that_only_a_tag_needs_is_named(study):
    release.main()
    commit(study, "Release")
    study.git("tag", "thesis-v1")
    old = next(path for path in store.files_of() if path.read_bytes() == Path(ADAPTER).read_bytes())
    run_again(study, seed=2)
    old.write_bytes(b"damaged")
    assert old.as_posix() in refused("not what their names say")


def test_uncommitted_files_are_refused(study):
    Path("new.txt").write_text("new")
    Path("dvc.yaml").write_text(Path("dvc.yaml").read_text() + "# a thought\n")
    assert {"  dvc.yaml", "  new.txt"} <= {*refused("not committed").splitlines()}
    assert not store.STORE.exists()


def test_a_stage_that_is_not_current_is_refused(study):
    Path("make.py").write_text(Path("make.py").read_text() + "# changed\n")
    commit(study, "Change the code")
    assert "\n  train\n" in refused("not current")


def test_an_edit_that_dvc_overlooks_is_refused(study):
    assert study.changed() == set()  # DVC has seen the file
    path = Path("data/scores/nll.jsonl")
    seen, text = path.stat(), path.read_text()
    with path.open("r+") as file:  # the same inode
        file.write(text.replace('"nll"', '"NLL"'))
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert study.changed() == set()
    refused("data/scores/nll.jsonl: its bytes are not those of dvc.lock")


def test_too_large_a_store_is_refused_with_the_size_of_each_part(study, monkeypatch):
    release.main()
    commit(study, "Release")
    study.git("tag", "thesis-v1")
    run_again(study, seed=2)
    # an adapter is 16 × 600 × 4 bytes = 38 KiB, and a header
    monkeypatch.setattr(release, "MAX_BYTES", 60 * 2**10)
    before = in_store()
    text = refused("at most 0.1 MiB fit")
    assert "this run: 0.0 MiB" in text
    assert "thesis-v1: 0.0 MiB" in text
    assert in_store() == before


def test_an_unknown_tag_is_refused(study, monkeypatch):
    monkeypatch.setattr("sys.argv", ["release", "--without", "thesis-v9"])
    refused("git has no tag thesis-v9\nThere are: none")


def test_what_is_no_part_of_a_release_is_refused(study):
    Path("dvc.yaml").write_text(Path("dvc.yaml").read_text() + "      - models/base\n")
    Path("make.py").write_text(Path("make.py").read_text() + 'Path("models/base").write_text("weights")\n')
    Path("more.bin").write_text("more")
    study.dvc("add", "--quiet", "more.bin")
    Path(".gitignore").write_text(Path(".gitignore").read_text() + "/models/base\n")
    run_again_as_it_is(study)
    lines = refused("could not pull everything").splitlines()
    assert [line.split(":")[0].strip() for line in lines[1:-1]] == ["models/base", "more.bin.dvc"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("lora_A", "q_proj"), f"{ADAPTER}: holds layers.0.q_proj.q_proj.weight, which is no matrix of LoRA"),
        (('{"nll"', '{"token": "hf_' + 34 * "x" + '", "nll"'), "nll.jsonl: line 1: a Hugging Face token"),
        (("in every run", "in /Users/ann/thesis"), "manifest.json: line 1: a path in somebody's home folder"),
        (
            ('Path("loss', "Path('data/scores/nll.jsonl').write_bytes(b'GGUF\\xff'); Path(\"loss"),
            "neither text, nor PDF",
        ),
    ],
)
def test_weights_secrets_and_private_things_are_refused(study, change, reason):
    Path("make.py").write_text(Path("make.py").read_text().replace(*change))
    run_again_as_it_is(study)
    assert reason in refused("everybody could read it")
    assert not store.STORE.exists()


def test_tensors_are_listed_even_if_the_file_says_it_is_text():
    header = b'{"__metadata__": {"format": "pt"}, "model.embed_tokens.weight": {}}'
    assert unfit(struct.pack("<Q", len(header)) + header) == [
        "holds model.embed_tokens.weight, which is no matrix of LoRA"
    ]
    assert unfit(b"") == unfit("é\n".encode()) == unfit(b"%PDF-1.4\n\xff") == []


def test_the_manifest_lists_what_a_clone_has(study, tmp_path):
    release.main()
    statement = read_statement(MANIFEST)
    assert {*ARTIFACTS, "dvc.lock", "dvc.yaml"} == {*statement.sha256}
    commit(study, "Release")
    examiner = clone(study, tmp_path / "examiner")
    examiner.dvc("pull")
    digests = {name: sha256_of(examiner.folder / name) for name in statement.sha256}
    assert digests == statement.sha256


def test_a_file_that_no_clone_would_have_is_refused(study):
    Path("data/scores/part.jsonl").write_text("left there")
    Path("data/scores/.DS_Store").write_text("a Mac's")
    assert refused("No clone").splitlines()[1:-1] == ["  data/scores/part.jsonl"]


def test_what_git_and_dvc_make_of_the_store(study):
    release.main()
    some = store.files_of()[0].as_posix()
    attributes = study.git("check-attr", "text", "diff", "merge", "--", some)
    assert attributes.count(": unset") == 3
    assert study.run("git", "check-ignore", some).returncode == 1
    assert len(ARTIFACTS) + 1 == OBJECTS


@pytest.mark.parametrize("damage", ["damaged", "missing"])
def test_a_pull_that_an_object_of_the_store_makes_fail_names_the_artifact(
    study, tmp_path, monkeypatch, damage
):
    release.main()
    commit(study, "Release")
    examiner = clone(study, tmp_path / "examiner")
    monkeypatch.chdir(examiner.folder)
    content = (study.folder / ADAPTER).read_bytes()
    path = next(path for path in store.files_of() if path.read_bytes() == content)
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1])
    assert examiner.run(sys.executable, "-m", "dvc", "pull").returncode
    with pytest.raises(UserError) as told:
        unpulled.main()
    _, named, remedy, *_ = str(told.value).splitlines()
    assert named == f"  {ADAPTER}: {damage} ({path.as_posix()})"
    assert remedy.endswith("git checkout release/store")
    examiner.git("checkout", "release/store")
    examiner.dvc("pull")


def test_a_pull_that_a_changed_file_makes_fail_names_it(study):
    release.main()
    Path(ADAPTER).write_bytes(b"mine")
    assert study.run(sys.executable, "-m", "dvc", "pull").returncode
    with pytest.raises(UserError, match=f"not those of dvc.lock:\n  {ADAPTER}\nMove them away"):
        unpulled.main()


def test_what_is_missing_from_a_folder_is_not_in_the_way(study):
    # DVC puts it back; the folder's other file is as recorded
    Path(ADAPTER).unlink()
    assert [*unpulled.in_the_way(Records(Path()))] == []


def run_again_as_it_is(study):
    study.dvc("repro", "--quiet")
    commit(study, "Another run")
