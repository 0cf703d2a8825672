"""The refusal of an unexpected file: what it is, which product it looks like, which file to take."""

import pytest

from tests.importing.exports import activity, as_file, cell, page
from tests.importing.test_import import refused

CHAT_HTML = (
    "<html><head><title>ChatGPT Data Export</title></head><body><script>var jsonData = [];</script></body>"
)
SAVED = (
    '<!DOCTYPE html><html><head><link href="https://claude.ai/favicon.ico"><title>Chat</title></head></html>'
)
MARKDOWN = "# Profile\n\n## Prompt:\nhello\n\n## Response:\nhi\n"


@pytest.mark.parametrize(
    ("name", "content", "source", "said"),
    [
        ("chat.html", CHAT_HTML, "chatgpt", ["a page", "Take conversations.json beside it"]),
        (
            "chat.html",
            CHAT_HTML,
            "claude",
            ["a page, apparently of ChatGPT", "beside it with --source chatgpt"],
        ),
        (
            "chat.html",
            CHAT_HTML,
            "gemini",
            ["a page, apparently of ChatGPT", "beside it with --source chatgpt"],
        ),
        ("saved.html", SAVED, "chatgpt", ["a page, apparently of Claude", "paste the answers by hand"]),
        ("any.html", "<html><p>hello</p></html>", "chatgpt", ["a page\n", "paste the answers by hand"]),
        ("any.html", "<html><p>hello</p></html>", "gemini", ["a page\n", '"My Activity" in Takeout']),
        ("chat.md", MARKDOWN, "chatgpt", ["not an official export", "paste the answers by hand"]),
        ("chat.md", "[a link](https://example.org)", "gemini", ["not an official export"]),
        ("chat.txt", "You said: hello", "claude", ["not an official export"]),
        ("chat", "You said: hello", "claude", ["not an official export"]),
        ("chat.json", {"metadata": {"powered_by": "an exporter"}}, "chatgpt", ["not an official export"]),
        ("chat.json", {"messages": [{"role": "user", "content": "hello"}]}, "claude", ["not an official"]),
        ("chat.json", [{"role": "user", "content": "hello"}], "chatgpt", ["not an official export"]),
        ("conversation_1.txt", {"conversation_turns": []}, "gemini", ["Gemini in Workspace", "by hand"]),
        ("chat.json", {"chunkedPrompt": {}}, "gemini", ["a chat of AI Studio", "by hand"]),
        ("a.txt", [activity("x", "y")], "claude", ["not an export of Claude", "--source gemini"]),
        ("chat.pdf", "%PDF-1.7", "claude", ["a PDF", "paste the answers by hand"]),
        ("chat.md", "{\\rtf1 hello}", "chatgpt", ["a text in RTF"]),
        ("user.json", {"id": "x"}, "chatgpt", ["Take conversations.json beside it"]),
        ("users.json", [{"full_name": "x"}], "claude", ["Take conversations.json beside it"]),
        ("users.json", [{"full_name": "x"}], "chatgpt", ["of Claude", "beside it with --source claude"]),
        ("a.json", [activity("x", "y")], "claude", ["not an export of Claude", "--source gemini"]),
        ("a.html", page(cell("x", "y")), "chatgpt", ["not an export of ChatGPT", "--source gemini"]),
        ("a.json", "", "claude", ["an empty file"]),
        ("a.json", "nonsense", "claude", ["a.json:1:"]),
    ],
)
def test_what_it_is_and_which_file_to_take(project, downloads, name, content, source, said):
    message = refused(as_file(downloads / name, content), source)
    assert [part for part in said if part not in message] == []
    assert "hello" not in message


def test_a_page_is_gemini_s_only_if_it_holds_activities(project, downloads):
    for content in (CHAT_HTML, SAVED, "<html></html>"):
        assert "--source gemini" not in refused(as_file(downloads / "x.html", content), "claude")
