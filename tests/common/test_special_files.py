"""Pipes, sockets, devices and links to themselves are refused by name: reading one would wait forever."""

import os
import socket

import pytest

from stages.collect.layout import Expected
from stages.collect.rows import look_through
from stages.common.files import read_json, read_records, read_text, sha256_of
from stages.common.params import read_yaml
from stages.common.records import Rejected
from stages.prepare.reading import read_raw
from stages.shell.errors import UserError
from thesis.importing.archive import opened, outside
from thesis.importing.known import known_answers

pytestmark = pytest.mark.timeout(60)


def pipe(path):
    os.mkfifo(path)
    return "a named pipe"


def device(path):
    path.symlink_to("/dev/zero")
    return "a device"


def itself(path):
    path.symlink_to(path.name)
    return "Too many levels of symbolic links"


def listening(path):
    with pytest.MonkeyPatch.context() as patch, socket.socket(socket.AF_UNIX) as made:
        patch.chdir(path.parent)  # the name of a socket must be short
        made.bind(path.name)
    return "a socket"


EVERY_KIND = pytest.mark.parametrize("make", [pipe, device, itself, listening])


@EVERY_KIND
@pytest.mark.parametrize(
    "read",
    [
        read_text,
        read_json,
        read_yaml,
        read_raw,
        sha256_of,
        lambda path: read_records(path, Rejected),
        lambda path: outside(path, path.parent / "project"),
        lambda path: opened(path, lambda _: True).__enter__(),
    ],
)
def test_they_are_named_and_not_read(tmp_path, make, read):
    path = tmp_path / "given.json"
    kind = make(path)
    with pytest.raises(UserError) as refused:
        read(path)
    assert str(path) in str(refused.value)
    assert kind in str(refused.value) or "link" in str(refused.value)


@EVERY_KIND
@pytest.mark.parametrize("name", ["01.md", "01.yaml", "01.json"])
def test_among_the_answers_they_are_mistakes(tmp_path, make, name):
    folder = tmp_path / "claude/none/free"
    folder.mkdir(parents=True)
    make(folder / name)
    if name.endswith(".yaml"):
        (folder / "01.md").write_text("{}")
    _, mistakes = look_through(tmp_path, Expected(["claude"], ["free"]))
    assert len(mistakes) == 1
    assert str(folder / name) in mistakes[0]
    known_answers("claude", tmp_path)


def test_a_folder_that_links_to_itself_ends(tmp_path):
    folder = tmp_path / "claude/none/free"
    folder.mkdir(parents=True)
    (folder / "again").symlink_to(tmp_path)
    (tmp_path / "claude/claude").symlink_to(tmp_path)
    _, mistakes = look_through(tmp_path, Expected(["claude"], ["free"]))
    assert len(mistakes) == 2
