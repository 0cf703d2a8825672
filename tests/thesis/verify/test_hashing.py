"""The hasher against DVC itself, and what it leaves out."""

import subprocess
import sys
from pathlib import Path

import yaml

from tests.tiny import ROOT
from thesis.verify.hashing import IGNORED, Hasher, digest_of, files_below


def test_known_hashes(tmp_path):
    # RFC 1321, appendix A.5, and FIPS 180-4's example
    file = tmp_path / "abc"
    file.write_bytes(b"abc")
    found = digest_of(file)
    assert found.md5 == "900150983cd24fb0d6963f7d28e17f72"
    assert found.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_hash_of_a_folder_is_that_of_dvc(tmp_path):
    folder = tmp_path / "folder"
    for name in ("b.json", "a/ü/ z.csv", "a.json", "a/b.json", "empty", ".hidden", "x.pyc", "__pycache__/y"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name * (name != "empty"), "utf-8")
    (tmp_path / ".dvcignore").write_text((ROOT / ".dvcignore").read_text("utf-8"), "utf-8")
    for words in (["init", "--no-scm", "--quiet"], ["add", "--quiet", "folder"]):
        subprocess.run([sys.executable, "-m", "dvc", *words], cwd=tmp_path, check=True)
    recorded = yaml.safe_load((tmp_path / "folder.dvc").read_text("utf-8"))["outs"][0]
    assert Hasher(tmp_path).md5("folder") == recorded["md5"]
    assert len(files_below(folder)) == recorded["nfiles"]


def test_what_is_left_out_is_what_dvc_leaves_out():
    lines = (ROOT / ".dvcignore").read_text("utf-8").splitlines()
    names = [line for line in lines if not line.startswith(("# ", "/"))]  # with a slash: one place of ours
    assert names == [*IGNORED]


def test_a_link_to_a_folder_is_a_file_that_nobody_lists(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/link").symlink_to(tmp_path / "there")
    assert files_below(tmp_path / "folder") == ["link"]


def test_nothing_has_no_hash(tmp_path):
    assert Hasher(tmp_path).md5("gone") is None
    assert Hasher(Path(tmp_path)).md5("gone/too") is None
