"""Remotes on real servers: one clone pushes, another pulls, and what was damaged on the way is refused."""

import pytest

from tests import servers
from tests.small_study import ADAPTER, OBJECTS, artifacts, clone, commit, make_small_study

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SERVERS = {"folder": servers.a_folder, "http": servers.http, "ssh": servers.ssh, "s3": servers.s3}


@pytest.fixture(params=SERVERS)
def place(request, tmp_path):
    with SERVERS[request.param](tmp_path) as place:
        yield place


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    return make_small_study(tmp_path_factory.mktemp("pushed") / "study")


@pytest.fixture
def author(ran, place, tmp_path):
    """A study that was pushed."""
    author = ran.copy(tmp_path / "author")
    set_remote(author, place, place.push_url or place.url)
    author.dvc("push", "--remote", "thesis")
    return author


@pytest.fixture
def examiner(author, place, tmp_path):
    """Another clone, which knows the same remote."""
    examiner = clone(author, tmp_path / "examiner")
    set_remote(examiner, place, place.url)
    return examiner


def set_remote(study, place, url):
    """The commands of `make remote`, and the options that a server needs."""
    study.dvc("remote", "add", "--local", "-f", "-d", "thesis", url)
    study.dvc("remote", "modify", "--local", "thesis", "verify", "true")
    for name, value in place.settings.items() if url == place.url else ():
        study.dvc("remote", "modify", "--local", "thesis", name, value)


def adapter_in(place):
    """Path and content of the adapter's object."""
    return max(place.read().items(), key=lambda item: len(item[1]))


def test_one_clone_pushes_and_another_pulls(author, examiner, place):
    assert len(place.read()) == OBJECTS
    assert artifacts(examiner) == {}
    examiner.dvc("pull")
    assert artifacts(examiner) == artifacts(author) != {}
    assert examiner.changed() == set()
    for study in (author, examiner):  # no address and no credential is in git
        assert study.git("status", "--porcelain") == ""
    assert not (examiner.folder / "release").exists()


@pytest.mark.parametrize("damage", ["truncated", "tampered", "missing a byte at its end"])
def test_a_damaged_object_is_refused(author, examiner, place, damage):
    name, content = adapter_in(place)
    half = len(content) // 2
    place.write(
        name,
        {
            "truncated": content[:half],
            "tampered": content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :],
            "missing a byte at its end": content[:-1],
        }[damage],
    )
    done = examiner.run("dvc", "pull")
    assert done.returncode != 0, done.stdout + done.stderr
    assert ADAPTER not in artifacts(examiner)
    # put right, it is pulled again: nothing damaged stays in the cache
    place.write(name, content)
    examiner.dvc("pull")
    assert artifacts(examiner) == artifacts(author)
    assert examiner.changed() == set()


def test_only_its_owner_writes_to_a_web_server(examiner, place):
    if not place.push_url:
        pytest.skip("this remote can be written")
    examiner.dvc("pull")
    (examiner.folder / "make.py").write_text(
        (examiner.folder / "make.py").read_text("utf-8").replace("SEED = 1", "SEED = 2"), "utf-8"
    )
    examiner.dvc("repro", "--quiet")
    commit(examiner, "Another run")
    before = place.read()
    assert examiner.run("dvc", "push").returncode != 0
    assert place.read() == before
