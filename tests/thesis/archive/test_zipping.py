"""The zip: its bytes depend on files and moment alone."""

import stat
from datetime import UTC, datetime
from zipfile import ZipFile

import pytest

from thesis.archive.git import Kept
from thesis.archive.zipping import with_sums, write_zip

MOMENT = datetime(2026, 11, 29, 12, 0, 2, tzinfo=UTC)
FILES = {"b/c": Kept(b"3"), "a": Kept(b"1", is_executable=True)}


def test_order_and_place_change_nothing(tmp_path):
    write_zip(tmp_path / "a.zip", FILES, MOMENT)
    write_zip(tmp_path / "deeper/other name.zip", dict(reversed(FILES.items())), MOMENT)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "deeper/other name.zip").read_bytes()


def test_entries_have_the_moment_and_their_mode(tmp_path):
    write_zip(tmp_path / "a.zip", FILES, MOMENT)
    with ZipFile(tmp_path / "a.zip") as files:
        assert [(e.filename, e.date_time) for e in files.infolist()] == [
            ("a", (2026, 11, 29, 12, 0, 2)),
            ("b/c", (2026, 11, 29, 12, 0, 2)),
        ]
        assert [stat.filemode(e.external_attr >> 16) for e in files.infolist()] == [
            "-rwxr-xr-x",
            "-rw-r--r--",
        ]


def test_sums_are_those_of_sha256sum():
    # printf 1 | sha256sum, printf 3 | sha256sum
    assert with_sums(FILES)["SHA256SUMS"].content.decode() == (
        "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b  a\n"
        "4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce  b/c\n"
    )


def test_a_failure_leaves_the_old_zip(tmp_path):
    write_zip(tmp_path / "a.zip", FILES, MOMENT)
    before = (tmp_path / "a.zip").read_bytes()
    with pytest.raises(ValueError, match="1980"):
        write_zip(tmp_path / "a.zip", FILES, MOMENT.replace(year=1979))
    assert (tmp_path / "a.zip").read_bytes() == before
    assert len([*tmp_path.iterdir()]) == 1
