"""Signature of a manifest: made and verified with an author's own key, without any server.

It is a bundle of OpenSSF Model Signing, which the package `model-signing` also verifies by itself. The key is
an elliptic-curve one:

    openssl ecparam -name prime256v1 -genkey -noout -out ~/thesis-key.pem
    openssl ec -in ~/thesis-key.pem -pubout -out thesis-key.pub
    python -m thesis.verify.signature ~/thesis-key.pem
"""

import base64
import importlib.util
import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from stages.common.files import read_json
from stages.shell.errors import UserError, run
from thesis.verify.findings import Finding, unchecked
from thesis.verify.statement import MANIFEST, Statement, parsed, read_statement

SIGNATURE = Path("release/manifest.sig")
STAGE = "signature"
INSTALL = 'pip install -e ".[signing]"'


def sign_manifest(root: Path, key: Path) -> Path:
    """Sign the files that the manifest lists; the path of the signature.

    Args:
        key: a private key in PEM form. It is read, and kept nowhere.
    """
    _refuse_absent()
    from model_signing import hashing, signing

    files = [root / name for name in read_statement(root / MANIFEST).sha256]
    listed = hashing.Config().set_allow_symlinks(True)
    listed.hash = partial(listed.hash, files_to_hash=files)
    signer = signing.Config().use_elliptic_key_signer(private_key=key).set_hashing_config(listed)
    signer.sign(root, root / SIGNATURE)
    return root / SIGNATURE


def check(root: Path, statement: Statement | None, key: Path | None) -> Iterator[Finding]:
    """Whether the author signed this manifest.

    Args:
        key: the author's public key, which must come from somewhere else than the project.
    """
    what, file = "signature of the manifest", root / SIGNATURE
    if not file.exists() or statement is None:
        yield unchecked(STAGE, what, "not signed", is_note=key is None)
        return
    signed = signed_statement(file)
    is_same = signed == statement
    yield Finding(STAGE, "manifest that was signed", statement.root, signed.root, is_same)
    if key is None:
        yield unchecked(STAGE, what, "give the author's public key: --key FILE", is_note=True)
    elif importlib.util.find_spec("model_signing") is None:
        yield unchecked(STAGE, what, f"model-signing is not installed: {INSTALL}")
    else:
        yield _verified(root, key, what)


def signed_statement(file: Path) -> Statement:
    """The manifest within a signature, whose own root digest may be wrong."""
    try:
        payload = base64.b64decode(read_json(file)["dsseEnvelope"]["payload"], validate=True)
        content = json.loads(payload)
    except (KeyError, TypeError, ValueError):
        raise UserError(f"{file}: not a signature of OpenSSF Model Signing") from None
    return parsed(content, file)


def _verified(root: Path, key: Path, what: str) -> Finding:
    from cryptography.exceptions import InvalidSignature
    from model_signing import verifying

    config = verifying.Config().use_elliptic_key_verifier(public_key=key).set_ignore_unsigned_files(True)
    told = f"by the key {key.name}"
    try:
        config.verify(root, root / SIGNATURE)
    except InvalidSignature:
        return Finding(STAGE, what, told, "by another key, or changed since", False)
    except ValueError as error:  # a wrong key, or files that differ
        return Finding(STAGE, what, told, str(error), False)
    except OSError as error:  # a listed file that is not pulled
        return unchecked(STAGE, what, f"{error.filename}: {error.strerror}", expected=told)
    return Finding(STAGE, what, told, told, True)


def _refuse_absent() -> None:
    if importlib.util.find_spec("model_signing") is None:
        raise UserError(f"model-signing is not installed; it signs the manifest\n{INSTALL}")


def main() -> None:
    """Sign the manifest of the project in this folder with the key that the command line names."""
    if len(sys.argv) != 2:
        raise UserError("Usage: python -m thesis.verify.signature PRIVATE-KEY")
    print(sign_manifest(Path.cwd(), Path(sys.argv[1]).expanduser()).relative_to(Path.cwd()))


if __name__ == "__main__":
    run(main)
