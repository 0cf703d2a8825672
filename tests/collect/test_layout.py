"""Files in the wrong place: all are named at once, each with what to do."""

from pathlib import Path

import pytest

from stages.collect.layout import Expected
from stages.collect.rows import read_answers
from stages.shell.errors import UserError

EXPECTED = Expected(["claude", "chatgpt"], ["free-profile", "aged-34"])
PLACE = "original/free-profile/01.md"
HERE = "claude/original/free-profile"


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Path("data/external")


def put(root, name, content="{}"):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def found(root):
    return [(str(answer.file.path.relative_to(root)), answer.text) for answer in read_answers(root, EXPECTED)]


def message(root):
    with pytest.raises(UserError) as error:
        read_answers(root, EXPECTED)
    return str(error.value)


def test_answers_come_in_numeric_order(root):
    for name in ("10.md", "9.txt", "1.json", "002.MD"):
        put(root, f"{HERE}/{name}", name)
    assert [text for _, text in found(root)] == ["1.json", "002.MD", "9.txt", "10.md"]


def test_a_folder_that_is_not_there_or_empty_has_no_answers(root):
    assert found(root) == []
    (root / HERE).mkdir(parents=True)
    assert found(root) == []


def test_files_that_programs_leave_behind_are_ignored(root):
    for name in (".DS_Store", "README.md", "claude/._original", f"{HERE}/._01.md", f"{HERE}/Thumbs.db"):
        put(root, name)
    put(root, f"{HERE}/Readme.md")
    assert found(root) == []


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (
            f"clade/{PLACE}",
            ["external/clade: unknown source; did you mean claude?", "add it to collect.sources"],
        ),
        (f"Claude/{PLACE}", ["external/Claude: unknown source; did you mean claude?"]),
        (f"mistral/{PLACE}", ["unknown source; there are: claude, chatgpt; or add it to collect.sources"]),
        (f"-interactive/{PLACE}", ["external/-interactive: unknown source"]),
        ("original/free-profile/01.md", ["external/original: a source should stand here (claude, chatgpt)"]),
        ("claude/orignal/free-profile/01.md", ["claude/orignal: unknown condition; did you mean original?"]),
        ("claude/aged-34/01.md", ["aged-34: a condition should stand here (original, augmented, none)"]),
        (
            "claude/none/free/01.md",
            ["free: unknown prompt; did you mean free-profile? there are: free-profile,"],
        ),
        ("claude/none/typed-1a2b/01.md", ["none/typed-1a2b: unknown prompt"]),
        ("01.md", ["external/01.md: in the wrong place; move it into <source>/<condition>/<prompt id>/"]),
        ("claude/01.md", ["claude/01.md: in the wrong place"]),
        ("claude/original/01.md", ["original/01.md: in the wrong place"]),
        (f"{HERE}/more/01.md", ["free-profile/more: a folder among the answers"]),
        (f"{HERE}/first.md", ["first.md: the name is not a number; rename it to 01.md, 02.md"]),
        (f"{HERE}/01 copy.md", ["01 copy.md: the name is not a number"]),
        (f"{HERE}/٣.md", ["the name is not a number"]),
        (f"{HERE}/01.yaml", ["01.yaml: there is no answer 01 beside it; add it, or delete this file"]),
        (f"{HERE}/01.yml", ["01.yml: .yml cannot be read; rename it to .yaml"]),
        (f"{HERE}/01.docx", ["01.docx: .docx cannot be read; paste the answer's text into 01.md"]),
        (f"{HERE}/01.rtfd/TXT.rtf", ["01.rtfd: .rtfd cannot be read; paste the answer's text"]),
        (f"{HERE}/01.html", ["01.html: .html cannot be read"]),
        (f"{HERE}/01", ["a file without ending cannot be read; give it the ending .md"]),
    ],
)
def test_files_in_the_wrong_place(root, name, parts):
    put(root, name)
    said = message(root)
    assert [part for part in parts if part not in said] == [], said
    assert "data/external: 1 mistake\n" in said
    assert "A pasted answer is <source>/<condition>/<prompt id>/01.md" in said


@pytest.mark.parametrize("second", ["01.txt", "1.md", "01.json"])
def test_two_files_of_one_number(root, second):
    put(root, f"{HERE}/01.md")
    put(root, f"{HERE}/{second}")
    assert "has the same number; give one of them another" in message(root)


def test_links_out_of_the_folder_and_to_nothing(root, tmp_path):
    put(root, f"{HERE}/01.md")
    (tmp_path / "private.md").write_text("secret")
    (root / HERE / "02.md").symlink_to(tmp_path / "private.md")
    (root / "claude/augmented").symlink_to(tmp_path)
    (root / HERE / "03.md").symlink_to("nowhere.md")
    said = message(root)
    assert "3 mistakes" in said
    for name in ("free-profile/02.md", "claude/augmented", "free-profile/03.md"):
        assert f"{name}: a link to outside data/external or to nothing; copy the file" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{}".encode("utf-16"), "01.md: is UTF-16 or no text at all; save it as UTF-8"),
        ("{}".encode("utf-16-le"), "01.md: is UTF-16 or no text at all; save it as UTF-8"),
        ("Köln".encode("latin-1"), "01.md: byte 1 is not UTF-8; save the file as UTF-8"),
        ("---\nmodle: x\n---\n{}", "01.md: header, modle: unknown key; did you mean model?"),
        ("---\nmodel: x\n{}", "01.md: the header does not end"),
        ("—\nmodel: x\n—\n{}", "01.md: the header's first line is not three hyphens"),
        ("—-\nmodel: x\n—-\n{}", "01.md: the header's first line is not three hyphens"),
    ],
)
def test_a_file_that_cannot_be_read(root, content, said):
    put(root, f"{HERE}/01.md", content)
    assert said in message(root)
    assert message(root).count("free-profile/01.md") == 1


@pytest.mark.parametrize("name", ["01.md", "01.txt"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_byte_order_marks_and_line_ends_do_not_matter(root, name, mark, end):
    put(root, f"{HERE}/{name}", mark + "---\nmodel: é\n---\n\nHere:\n{}".replace("\n", end).encode())
    (answer,) = read_answers(root, EXPECTED)
    assert (answer.text, answer.provenance.model) == ("Here:\n{}", "é")


def test_the_file_beside_an_answer(root):
    put(root, f"{HERE}/01.json", "{}")
    put(root, f"{HERE}/01.yaml", "model: y")
    (answer,) = read_answers(root, EXPECTED)
    assert (answer.text, answer.provenance.model) == ("{}", "y")
    put(root, f"{HERE}/01.yaml", "mood: y")
    assert "01.yaml: header, mood: unknown key" in message(root)


def test_a_header_in_json_is_not_lost_silently(root):
    put(root, f"{HERE}/01.json", "---\nmodel: x\n---\n{}")
    assert "01.json: has a header, which .json cannot have; rename it to 01.md" in message(root)


def test_a_header_and_a_file_beside_it(root):
    put(root, f"{HERE}/01.md", "---\nmodel: x\n---\n{}")
    put(root, f"{HERE}/01.yaml", "model: x")
    assert "01.md: has a header, and 01.yaml lies beside it; keep one of the two" in message(root)


def test_all_mistakes_are_reported_at_once(root):
    for name in ("clade/x.md", f"{HERE}/first.md", "claude/nope/x.md"):
        put(root, name)
    put(root, f"{HERE}/01.md", "{}".encode("utf-16"))
    said = message(root)
    assert "4 mistakes" in said
    assert [part for part in ("clade", "first.md", "nope", "UTF-16") if part not in said] == []


def test_two_versions_of_an_answer_in_one_file_are_not_two_draws(root):
    put(root, f"{HERE}/01.md", '<<<<<<< HEAD\n{"age": 3}\n=======\n{"age": 4}\n>>>>>>> other\n')
    assert f"{HERE}/01.md: a merge was not finished" in message(root)


@pytest.mark.parametrize("text", ["Heading\n=======\n{}", "<<<<<<< HEAD\n{}", "a\n>>>>>>> b\n======= c"])
def test_an_answer_may_have_lines_like_marks_of_a_merge(root, text):
    put(root, f"{HERE}/01.md", text)
    assert [answer for _, answer in found(root)] == [text]


@pytest.mark.parametrize("name", ["a\x1b[2J", "a\u202e", "a\x9b", "a\n"])
def test_control_characters_in_the_name_of_a_source_or_typed_prompt(root, name):
    put(root, f"{name}-interactive/{PLACE}")
    put(root, f"x-interactive/none/typed-{name}/01.md")
    assert message(root).count("the name has control characters") == 2
