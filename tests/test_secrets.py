"""No credential is in git: what it tracks is searched, and DVC's are kept in .dvc/config.local."""

import re
import subprocess
from configparser import ConfigParser

import pytest

from experiments.release.private import SECRETS, secrets_in
from tests.tiny import ROOT

# put together here, so that this file has none itself
MADE_UP = {
    "a Hugging Face token": "hf_" + "a1B2" * 9,
    "an AWS access key": "AKIA" + "ABCD1234" * 2,
    "a GitHub token": "ghp_" + "a1B2" * 9,
    "a GitLab token": "glpat-" + "a1B2c" * 4,
    "a key of OpenAI or Anthropic": "sk-ant-api03-" + "a1B2" * 9,
    "a Google key": "AIza" + "a1B2c" * 7,
    "a Slack token": "xoxb-" + "1234567890-a",
    "a PyPI token": "pypi-" + "a1B2c" * 11,
    "a JSON web token": ".".join(("eyJ" + "a1B2" * 4, "eyJ" + "a1B2" * 4, "a1B2" * 4)),
    "a private key": "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
    "a password in an address": "https://ann:" + "pass" + "@example.org/thesis",
    "a password in a configuration": "    secret_access_key " + "= abc",
}


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_is_found_in_its_line_and_not_repeated(kind):
    found = list(secrets_in(f"first\n{MADE_UP[kind]}\n"))
    assert found == [f"line 2: {kind}"]


@pytest.mark.parametrize(
    "text",
    [
        "hf_quantizer = None",
        "c01d7dcc4d8ccf3d3bb0ba9c5de0f9b8ffae2fbb",
        "https://huggingface.co/meta-llama/Llama-2-7b-hf",
        "ssh://ann@server/thesis",
        "password = getpass()",
        "make remote URL=s3://bucket/thesis",
    ],
)
def test_what_only_looks_like_a_secret_is_none(text):
    assert list(secrets_in(text)) == []


def test_git_tracks_no_secret():
    files = [ROOT / name for name in _git("ls-files", "-z").split("\0") if name]
    texts = {file: file.read_bytes().decode("utf-8", "replace") for file in files if file.is_file()}
    found = [f"{file.relative_to(ROOT)}: {one}" for file, text in texts.items() for one in secrets_in(text)]
    assert found == []
    assert len(texts) > 100


def test_credentials_of_remotes_stay_out_of_git():
    assert _git("check-ignore", ".dvc/config.local", ".env").split() == [".dvc/config.local", ".env"]
    settings = ConfigParser()
    settings.read(ROOT / ".dvc/config", "utf-8")
    assert {**settings["'remote \"store\"'"]} == {"url": "../release/store", "verify": "true"}
    assert settings["core"]["remote"] == "store"
    assert settings.sections() == ["core", "'remote \"store\"'"]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    changes = re.findall(r"dvc remote (?:add|modify) (\S+)", makefile)
    assert (set(changes), len(changes)) == ({"--local"}, 2)


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout
