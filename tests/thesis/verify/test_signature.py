"""Signing with a key of one's own, and what it tells apart. The slow ones need the extra `signing`."""

import base64
import json
from pathlib import Path

import pytest

from tests.thesis.verify.finished import edit, release
from thesis.verify import signature
from thesis.verify.signature import SIGNATURE, sign_manifest
from thesis.verify.statement import MANIFEST, read_statement


@pytest.fixture
def keys(tmp_path):
    """(private, public) of the author and of another."""
    ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
    from cryptography.hazmat.primitives import serialization as form

    found = []
    for name in ("author", "other"):
        key = ec.generate_private_key(ec.SECP256R1())
        private, public = tmp_path / f"{name}.pem", tmp_path / f"{name}.pub"
        private.write_bytes(
            key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
        )
        public.write_bytes(
            key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
        )
        found.append((private, public))
    return found


@pytest.fixture
def signed(project, keys):
    """A project that the author has signed."""
    pytest.importorskip("model_signing")
    sign_manifest(project, keys[0][0])
    return project


def found(project, key):
    return [*signature.check(project, read_statement(project / MANIFEST), key)]


@pytest.mark.slow
def test_a_signature_covers_the_manifest_and_nothing_else(signed, keys):
    payload = json.loads(SIGNATURE.read_text("utf-8"))["dsseEnvelope"]["payload"]
    statement = json.loads(base64.b64decode(payload))
    ours = json.loads(MANIFEST.read_text("utf-8"))
    assert statement["predicate"]["resources"] == ours["predicate"]["resources"]
    assert statement["subject"][0]["digest"] == ours["subject"][0]["digest"]
    assert [one.is_same for one in found(signed, keys[0][1])] == [True, True]


@pytest.mark.slow
def test_another_key(signed, keys):
    manifest, verified = found(signed, keys[1][1])
    assert manifest.is_same
    assert verified.is_wrong
    assert "Key mismatch" in verified.got


@pytest.mark.slow
def test_a_file_edited_after_signing(signed, keys):
    edit("metrics/evaluate.json", "0.5", "0.9")
    assert [one.is_wrong for one in found(signed, keys[0][1])] == [False, True]


@pytest.mark.slow
def test_a_release_after_signing(signed, keys):
    edit("metrics/evaluate.json", "0.5", "0.9")
    release()
    assert [one.is_wrong for one in found(signed, keys[0][1])] == [True, True]


@pytest.mark.slow
def test_a_forged_statement_in_the_signature(signed, keys):
    """The forger cannot sign: the payload no longer fits the signature."""
    edit("metrics/evaluate.json", "0.5", "0.9")
    release()
    bundle = json.loads(SIGNATURE.read_text("utf-8"))
    bundle["dsseEnvelope"]["payload"] = base64.b64encode(MANIFEST.read_bytes()).decode()
    SIGNATURE.write_text(json.dumps(bundle), "utf-8")
    manifest, verified = found(signed, keys[0][1])
    assert manifest.is_same
    assert verified.got == "by another key, or changed since"


@pytest.mark.slow
def test_without_a_key_a_signature_is_only_told(signed):
    manifest, verified = found(signed, None)
    assert manifest.is_same
    assert (verified.is_same, verified.is_note) == (None, True)


def test_a_signature_that_was_deleted_is_missed_where_a_key_is_given(signed, keys):
    (signed / SIGNATURE).unlink()
    [only] = found(signed, keys[0][1])
    assert only.is_open


def test_not_signed(project):
    only = found(project, None)
    assert [(one.is_same, one.is_note, one.got) for one in only] == [(None, True, "not signed")]


def test_without_the_package(project, monkeypatch):
    content = {"dsseEnvelope": {"payload": base64.b64encode(MANIFEST.read_bytes()).decode()}}
    SIGNATURE.write_text(json.dumps(content), "utf-8")
    monkeypatch.setattr(signature.importlib.util, "find_spec", lambda name: None)
    manifest, verified = found(project, Path("author.pub"))
    assert manifest.is_same
    assert verified.is_open
    assert 'pip install -e ".[signing]"' in verified.got
