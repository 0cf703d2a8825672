"""Suspicious places and zips are refused before anything is read."""

import stat
import zipfile
from pathlib import Path

import pytest

from stages.shell.errors import UserError
from tests.importing.exports import as_file, zip_of
from thesis.importing import zips
from thesis.importing.archive import opened, outside
from thesis.importing.products import wanted


def names(path):
    with opened(path, wanted) as export:
        return [member.name for member in export.members]


def read(path):
    with opened(path, wanted) as export:
        for member in export.members:
            with member.open() as file:
                while file.read(2**16):
                    pass


def refused(path, match):
    with pytest.raises(UserError, match=match):
        read(path)


def test_the_files_that_hold_conversations(tmp_path):
    members = {
        "conversations-000.json": [],
        "conversations-001.json": [],
        "conversations/0b1c.json": {},
        "user.json": {"email": "a@b.c"},
        "chat.html": "<html>",
        "file-abc.png": b"x",
    }
    path = zip_of(tmp_path / "e.zip", members)
    assert names(path) == [f"e.zip/{name}" for name in list(members)[:3]]


def test_an_unpacked_folder_is_the_same(tmp_path):
    folder = tmp_path / "export"
    as_file(folder / "conversations.json", [])
    as_file(folder / "user.json", {})
    (folder / "conversations-001.json").symlink_to(folder / "user.json")
    assert names(folder) == ["conversations.json"]


def test_the_project_is_no_place_for_an_export(tmp_path, monkeypatch):
    project = tmp_path / "clone/project"
    project.mkdir(parents=True)
    (tmp_path / "clone/.git").mkdir()
    inside = as_file(project / "export.json", [])
    for path in (
        inside,
        as_file(tmp_path / "clone/export.json", []),
        project,
        Path(project / "../export.json"),
    ):
        with pytest.raises(UserError, match="lies in the project"):
            outside(path, project)
    link = tmp_path / "link.json"
    link.symlink_to(inside)
    with pytest.raises(UserError, match="lies in the project"):
        outside(link, project)
    assert outside(as_file(tmp_path / "e.json", []), project) == tmp_path / "e.json"
    monkeypatch.chdir(project)
    with pytest.raises(UserError, match="not found; name the whole path"):
        outside(Path("nowhere.zip"), project)
    with pytest.raises(UserError, match=r"nowhere\.zip: not found$"):
        outside(tmp_path / "nowhere.zip", project)


@pytest.mark.parametrize(
    "name", ["../conversations.json", "/etc/conversations.json", "a/../../x", "C:/x", "..\\x"]
)
def test_names_that_climb_out_are_refused(tmp_path, name):
    path = zip_of(tmp_path / "e.zip", {"conversations.json": [], name: "x"})
    refused(path, "entry 2 of the zip climbs out")


def test_links_are_refused(tmp_path):
    path = tmp_path / "e.zip"
    link = zipfile.ZipInfo("conversations.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(link, "/etc/passwd")
    refused(path, "is a link")


def test_a_bomb_is_refused(tmp_path):
    refused(zip_of(tmp_path / "e.zip", {"conversations.json": "[" + " " * 10**7 + "]"}), "like a zip bomb")


def test_more_than_the_total_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(zips, "MAX_TOTAL_BYTES", 100)
    refused(zip_of(tmp_path / "e.zip", {"conversations.json": list(range(100))}), "like a zip bomb")


def test_a_bomb_beside_the_conversations_is_not_opened(tmp_path):
    assert names(zip_of(tmp_path / "e.zip", {"conversations.json": [], "picture.png": " " * 10**7}))


def test_a_password_is_asked_for(tmp_path):
    path = zip_of(tmp_path / "e.zip", {"conversations.json": []})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag of the entry,
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and of the directory
    path.write_bytes(content)
    refused(path, "asks for a password")


@pytest.mark.parametrize("keep", [0.3, 0.7, 0.99])
def test_a_zip_that_was_cut_is_refused(tmp_path, keep):
    path = zip_of(tmp_path / "e.zip", {"conversations.json": [str(i * 7919) for i in range(1000)]})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    refused(path, "downloaded to its end")


def test_a_zip_with_a_wrong_byte_is_refused(tmp_path):
    path = zip_of(tmp_path / "e.zip", {"conversations.json": [str(i * 7919) for i in range(1000)]})
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    refused(path, "damaged")


def test_other_archives_are_named(tmp_path):
    path = tmp_path / "takeout.tgz"
    path.write_bytes(b"\x1f\x8b" + bytes(100))
    refused(path, "unpack other archives")


def test_the_hash_depends_on_the_content(tmp_path):
    def sha(path):
        with opened(path, wanted) as export:
            return export.sha256

    as_file(tmp_path / "a/conversations.json", [1])
    as_file(tmp_path / "b/conversations.json", [2])
    as_file(tmp_path / "c/conversations.json", [1])
    assert sha(tmp_path / "a") == sha(tmp_path / "c") != sha(tmp_path / "b")
