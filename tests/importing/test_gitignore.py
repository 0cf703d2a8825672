"""Git refuses exports, zipped and unpacked, and takes the study's own files."""

import subprocess

import pytest

from tests.tiny import ROOT

EXPORTS = [
    "conversations.json",
    "data/external/conversations-000.json",
    "export/conversations/0b1c.json",
    "export/chat.html",
    "Takeout/My Activity/Gemini Apps/Meine Aktivitäten.html",
    "My Activity/Gemini Apps/MyActivity.json",
    "data-2026-11-25-batch-0000.zip",
    ".work/prompts/profiles-1.json",
]
pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no git repository")


def is_ignored(path):
    done = subprocess.run(["git", "check-ignore", "--quiet", "--no-index", path], cwd=ROOT, check=False)
    return done.returncode == 0


@pytest.mark.parametrize("path", EXPORTS)
def test_exports_are_ignored(path):
    assert is_ignored(path)


def test_answers_are_not():
    assert not is_ignored("data/external/chatgpt/none/free-profile/01.md")
