"""Zips in zips and in folders are read, and nesting passes no limit."""

import io
import random
import zipfile
from contextlib import suppress

import pytest

from stages.shell.errors import UserError
from tests.importing.exports import as_file, zip_of
from thesis.importing import zips
from thesis.importing.archive import opened
from thesis.importing.products import wanted


def packed(members, method=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, value in members.items():
            archive.writestr(name, value)
    return content.getvalue()


def nested(depth, members):
    for _ in range(depth):
        members = {"inner.zip": packed(members)}
    return members


def read(path):
    with opened(path, wanted) as export:
        found = {}
        for member in export.members:
            with member.open() as file:
                found[member.name] = file.read()
        return found, export.n_unopened


def refused(path, match):
    with pytest.raises(UserError, match=match):
        read(path)


def test_a_zip_in_a_zip_is_read(tmp_path):
    inner = packed({"conversations-000.json": "[1]"})
    path = zip_of(
        tmp_path / "e.zip", {"report.html": "<html>", "User Online Activity/Conversations__1.zip": inner}
    )
    name = "e.zip/User Online Activity/Conversations__1.zip/conversations-000.json"
    assert read(path) == ({name: b"[1]"}, 0)


def test_zips_in_a_folder_are_read(tmp_path):
    for number in (0, 1):
        members = {"conversations.json": f"[{number}]"}
        zip_of(tmp_path / f"conversations-00{number}.zip", members)
    zip_of(tmp_path / "light_metadata-000.zip", {"users.json": "[]"})
    assert list(read(tmp_path)[0].values()) == [b"[0]", b"[1]"]


def test_a_zip_that_was_attached_to_a_conversation_stays_closed(tmp_path):
    other = packed({"conversations.json": "[2]"})
    path = zip_of(tmp_path / "e.zip", {"conversations.json": "[1]", "file-abc.zip": other})
    assert read(path) == ({"e.zip/conversations.json": b"[1]"}, 0)


def test_zips_that_are_nested_too_deep_are_counted(tmp_path):
    assert read(zip_of(tmp_path / "e.zip", nested(2, {"conversations.json": "[]"})))[1] == 0
    assert read(zip_of(tmp_path / "e.zip", nested(3, {"conversations.json": "[]"}))) == ({}, 1)


def test_a_damaged_zip_beside_is_counted_and_one_with_conversations_refused(tmp_path):
    good = packed({"conversations.json": "[]"})
    path = zip_of(tmp_path / "e.zip", {"a.zip": good, "picture.zip": b"PK"})
    assert read(path) == ({"e.zip/a.zip/conversations.json": b"[]"}, 1)
    refused(zip_of(tmp_path / "e.zip", {"conversations-000.zip": b"PK"}), "is damaged")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/conversations-000.zip").write_bytes(b"PK")
    refused(tmp_path / "folder", "conversations-000.zip: the zip is damaged")


def test_what_macos_adds_is_left_alone(tmp_path):
    members = {"x/conversations.json": "[]", "__MACOSX/x/conversations.json": "x", "x/._activity.json": "x"}
    assert list(read(zip_of(tmp_path / "e.zip", members))[0]) == ["e.zip/x/conversations.json"]


@pytest.mark.parametrize("depth", [1, 2])
def test_a_bomb_is_refused_at_any_depth(tmp_path, depth):
    bomb = nested(depth, {"conversations.json": "[" + " " * 10**7 + "]"})
    refused(zip_of(tmp_path / "e.zip", bomb), "like a zip bomb")


def test_ratios_multiply_through_nesting(tmp_path):
    """Each layer alone stays below the limit: 100 times, of a zip that shrinks to a fiftieth."""
    text = random.Random(1).randbytes(15_000).hex() * 100
    inner = packed({"conversations.json": text}, zipfile.ZIP_STORED)
    assert len(inner) > 2_000_000
    once = zip_of(tmp_path / "once.zip", {"inner.zip": inner})
    assert len(inner) < 200 * once.stat().st_size
    read(once)
    deep = packed({"conversations.json": "ab" * 10**6}, zipfile.ZIP_STORED) + bytes(0)
    middle = packed({"inner.zip": deep}, zipfile.ZIP_STORED)
    refused(zip_of(tmp_path / "deep.zip", {"middle.zip": middle}), "like a zip bomb")


def test_the_total_counts_through_nesting(tmp_path, monkeypatch):
    monkeypatch.setattr(zips, "MAX_TOTAL_BYTES", 3000)
    text = random.Random(1).randbytes(1000).hex()
    read(zip_of(tmp_path / "e.zip", {"conversations.json": text}))
    many = {f"{n}.zip": packed({"conversations.json": text}) for n in range(2)}
    refused(zip_of(tmp_path / "e.zip", many), "like a zip bomb")


@pytest.mark.parametrize("name", ["../conversations.json", "/etc/conversations.json"])
def test_names_that_climb_out_are_refused_inside_too(tmp_path, name):
    inner = packed({"conversations.json": "[]", name: "x"})
    refused(zip_of(tmp_path / "e.zip", {"inner.zip": inner}), "climbs out")


def test_no_wrong_byte_is_a_traceback(tmp_path):
    rng = random.Random(1)
    inner = packed({"conversations.json": "".join(rng.choices("abcdef", k=2000)), "é.txt": "x"})
    content = packed({"Ä/Conversations__a.zip": inner, "a.html": "x"})
    stored = packed({"Conversations__a.zip": inner}, zipfile.ZIP_STORED)
    path = tmp_path / "e.zip"
    for number in range(200):
        broken = bytearray((content, stored)[number % 2])
        for _ in range(rng.choice([1, 3])):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        path.write_bytes(broken[: rng.choice([len(broken), rng.randrange(len(broken))])])
        with suppress(UserError):
            read(path)


def test_a_name_that_is_no_text_is_no_traceback(tmp_path):
    try:
        as_file(tmp_path / "e/a\udce9/conversations.json", [])
    except OSError:
        pytest.skip("the file system takes no such names")
    assert read(tmp_path / "e")[1] == 0
