"""Room on the disks, against what is still to be written."""

import pytest

from thesis.doctor.disk import Place, judge, place_of

GB = 10**9


@pytest.mark.parametrize(("free", "word"), [(20, "ok"), (15, "warning"), (13, "problem")])
def test_one_disk(free, word):
    (only,) = judge([Place(1, "base's cache", free * GB, 14 * GB)])
    assert only.word == word
    assert f"{free}.0 GB are free" in only.found
    assert bool(only.remedy) == (word != "ok")


def test_places_on_one_disk_share_its_room():
    cache, artifacts = Place(1, "cache", 15 * GB, 8 * GB), Place(1, "artifacts", 15 * GB, 8 * GB)
    assert [finding.word for finding in judge([cache, artifacts])] == ["problem"]
    elsewhere = Place(2, "artifacts", 15 * GB, 8 * GB)
    assert [finding.word for finding in judge([cache, elsewhere])] == ["ok", "ok"]


def test_a_folder_that_is_not_there_yet(tmp_path):
    place = place_of("cache", tmp_path / "not" / "yet", 5)
    assert place.device == tmp_path.stat().st_dev
    assert place.free > 0
