"""The manifest: the published test vectors of OpenSSF Model Signing v1.0, and what is refused."""

from pathlib import Path

import pytest
import yaml

from stages.common.files import read_json
from stages.shell.errors import UserError
from tests.tiny import ROOT
from thesis.verify.statement import (
    FILES,
    FOLDERS,
    MANIFEST,
    listed,
    parsed,
    read_statement,
    root_digest,
    statement_of,
    write_manifest,
)

SIGNME_2 = "32dcb1f8e1ae52d5963e56a6ba06ab58b424c15ed2a6b70d2feca1d089370028"
VECTORS = {  # digests of valid/key, valid/certificate and valid/sigstore of the specification's test vectors
    "92745110b1ab4368471cbe31664e10174e954b113a3df333db860317b2c6dec4": {
        "signme-1": "bc9a717db6064a32cbe9eae6fc40651dd6d36ef1757183f590eff2b1765d7ebc",
        "signme-2": SIGNME_2,
    },
    "61d4849d9d90076d6215f4d525f13d6574af8e3f67aef3e6f36fc40a14fdd226": {
        "signme-1": "f6310066c7320497ea554260c32c43660bff648cb2a61194832cc086077085e1",
        "signme-2": SIGNME_2,
    },
}
FILE = Path("manifest.json")


@pytest.mark.parametrize("root", VECTORS)
def test_the_root_digest_of_the_published_vectors(root):
    assert root_digest(VECTORS[root]) == root
    assert root_digest(dict(reversed(VECTORS[root].items()))) == root  # sorted by name, whatever the order
    assert statement_of(VECTORS[root])["subject"][0]["digest"] == {"sha256": root}


@pytest.mark.parametrize("root", VECTORS)
def test_a_published_statement_is_read(root):
    found = parsed(published(root), FILE)
    assert (found.root, found.sha256) == (root, VECTORS[root])


def published(root):
    """A statement with the fields and the order of fields of the published vectors."""
    resources = [
        {"digest": digest, "algorithm": "sha256", "name": name} for name, digest in VECTORS[root].items()
    ]
    ignored = [".gitattributes", ".github", "ignore-me", ".gitignore", ".git"]
    serialization = {
        "method": "files",
        "ignore_paths": ignored,
        "hash_type": "sha256",
        "allow_symlinks": False,
    }
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "model", "digest": {"sha256": root}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {"resources": resources, "serialization": serialization},
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        # the specification's vector invalid-payload/wrong-predicate
        (
            lambda one: one.update(predicateType="https://example.com/wrong-predicate/v1.0"),
            "predicateType is 'https://example.com/wrong-predicate/v1.0'",
        ),
        (lambda one: one["subject"].append({}), "number of subjects is 2"),
        (lambda one: one["predicate"]["serialization"].update(method="shards"), "method is 'shards'"),
        (lambda one: one["predicate"]["resources"].reverse(), "not sorted by name"),
        (lambda one: one["predicate"]["resources"].clear(), "or there are none"),
        (lambda one: one["predicate"]["resources"][0].update(digest="00"), "signme-1: not a sha256"),
        (lambda one: one["predicate"]["resources"][1].update(name="z/../../up"), "leads out of the project"),
        (lambda one: one["predicate"].pop("serialization"), "not a manifest of OpenSSF Model Signing"),
    ],
)
def test_what_is_no_manifest_of_this_form(change, message):
    content = published(next(iter(VECTORS)))
    change(content)
    with pytest.raises(UserError, match=r"manifest\.json") as error:
        parsed(content, FILE)
    assert message in str(error.value)


def test_a_manifest_covers_all_that_stages_read_and_write():
    for stage in yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"].values():
        paths = [
            path if isinstance(path, str) else next(iter(path)) for path in stage["deps"] + stage["outs"]
        ]
        assert [path for path in paths if path.split("/")[0] not in FOLDERS and path not in FILES] == []


def test_a_manifest_lists_the_folders_whole(tmp_path):
    for name in ("stages/a.py", "data/raw/a.json", "data/raw/.hidden", "dvc.lock", "README.md", "tests/a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, "utf-8")
    (tmp_path / "data/raw/.a.json.x1.part").touch()
    (tmp_path / "stages/__pycache__").mkdir()
    (tmp_path / "stages/__pycache__/a.pyc").touch()
    root = write_manifest(tmp_path)
    found = read_statement(tmp_path / MANIFEST)
    assert [*found.sha256] == ["data/raw/.hidden", "data/raw/a.json", "dvc.lock", "stages/a.py"]
    assert found.root == root == root_digest(found.sha256)
    assert {*listed(tmp_path)} == {*found.sha256}
    assert read_json(tmp_path / MANIFEST) == statement_of(found.sha256)
