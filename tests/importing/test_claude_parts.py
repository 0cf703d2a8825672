"""Claude's export of 2026: a list of links, and zips for its parts, in every arrangement."""

import json

import pytest

from tests.importing.exports import PROFILE, artifact, as_file, assistant, claude, human, zip_of
from tests.importing.test_import import FREE, imported, refused, run

PARTS = ("light_metadata", "projects", "memories", "frames", "conversations")
ID = "0192aaaa-0000-7000-8000-000000000001"


def manifest(*names):
    files = [
        {
            "batch_index": n,
            "category": name[:-8],
            "export_url": f"https://example.invalid/{n}",
            "filename": name,
        }
        for n, name in enumerate(names)
    ]
    return {
        "created_at": "2026-09-02T03:04:05+00:00",
        "data_files": files,
        "instructions": "Fetch",
        "version": "1",
    }


ALL = manifest(*(f"{part}-000.zip" for part in PARTS))


@pytest.fixture
def parts(texts):
    """The contents of the five zips."""
    chats = claude([human(texts[FREE]), assistant(PROFILE)])
    return {
        "light_metadata-000.zip": {"users.json": [{"full_name": "x"}]},
        "projects-000.zip": {"projects/p.json": {"name": "x"}},
        "memories-000.zip": {"memories/m.json": {"memory": "x"}},
        "frames-000.zip": {f"artifacts/{ID}/artifact.json": {"id": ID}},
        "conversations-000.zip": {"conversations.json": chats},
    }


def as_zips(folder, parts):
    folder.mkdir(exist_ok=True)
    return {name: zip_of(folder / name, members) for name, members in parts.items()}


def test_every_arrangement_is_read(project, downloads, parts):
    files = as_zips(downloads / "zips", parts)
    as_file(downloads / "zips/manifest-1.json", ALL)
    unpacked = downloads / "unpacked"
    for name, members in parts.items():
        for member, value in members.items():
            as_file(unpacked / name.removesuffix(".zip") / member, value)
    as_file(unpacked / "manifest-1.json", ALL)
    packed = {name: file.read_bytes() for name, file in files.items()} | {"manifest-1.json": ALL}
    arrangements = [
        downloads / "zips",
        files["conversations-000.zip"],
        unpacked,
        unpacked / "conversations-000",
        unpacked / "conversations-000/conversations.json",
        zip_of(downloads / "all.zip", packed),
        zip_of(downloads / "folder.zip", {f"export/{name}": value for name, value in packed.items()}),
    ]
    for place in arrangements:
        found = imported(place, "claude")
        assert sum(row["exact"] for row in found["found"]) == 1
        assert found["left"] == {}


def test_the_file_to_import_is_named_where_it_is_not_there(project, downloads, parts):
    listed = as_file(downloads / "list/manifest-1.json", ALL)
    for place in (listed, listed.parent, zip_of(downloads / "l.zip", {"manifest-1.json": ALL})):
        for source in ("claude", "chatgpt"):
            message = refused(place, source)
            assert "list of links" in message
            assert "conversations-000.zip" in message
            assert "--source claude" in message
    files = as_zips(downloads / "zips", parts)
    files["conversations-000.zip"].unlink()
    for place in (downloads / "zips", files["frames-000.zip"], files["projects-000.zip"]):
        assert "those are in conversations-000.zip" in refused(place, "claude")


def test_a_part_that_the_list_names_and_that_is_not_there_is_said(project, downloads, parts):
    as_zips(downloads / "zips", parts)
    as_file(downloads / "zips/manifest.json", manifest("conversations-000.zip", "conversations-001.zip"))
    [left] = imported(downloads / "zips", "claude")["left"]
    assert left.startswith("conversations-001.zip, which the list of links names, is not here")


def published(texts, *, said="Published.", **call):
    tool = {"type": "tool_use", "id": "t", "name": "publish_artifact", "input": {"artifact_id": ID, **call}}
    return claude([human(texts[FREE]), assistant(tool, said)])


@pytest.mark.parametrize(
    "files",
    [
        {"page.md": f"# Untitled\n\n{PROFILE}"},
        {
            "artifact.json": {"active_version": "v1"},
            "versions/v1.html": f"<p>{PROFILE}</p>",
            "versions/v2.html": "x",
        },
        {
            "artifact.json": {"active_version": "v2"},
            "versions/v1/index.md": '{"age": 3}',
            "versions/v2/index.md": PROFILE,
        },
        {"versions/1.json": '{"age": 3}', "versions/2.json": PROFILE},
    ],
)
def test_the_text_of_a_published_document_is_taken_from_the_frames(project, downloads, texts, parts, files):
    parts["conversations-000.zip"]["conversations.json"] = published(texts)
    parts["frames-000.zip"] = {f"artifacts/{ID}/{name}": value for name, value in files.items()}
    as_zips(downloads / "zips", parts)
    [path] = imported(downloads / "zips", "claude")["written"]
    assert PROFILE in (project / path).read_text()
    assert "Published" not in (project / path).read_text()


def test_without_the_frames_the_sentence_is_not_taken(project, downloads, texts):
    export = as_file(downloads / "conversations.json", published(texts))
    found = imported(export, "claude")
    assert found["written"] == []
    assert [reason.split(",")[0] for reason in found["left"]] == ["a document beside the chat"]
    assert "frames-000.zip" in run(export, "--source", "claude").stdout
    assert "1 prompt of data/prompts.yaml found" in run(export, "--source", "claude").stdout


@pytest.mark.parametrize(
    "value",
    [
        [{"filename": "conversations-000.zip", "url": "https://example.invalid"}],
        {"exports": [{"file": "conversations-000.zip", "signed_url": "https://example.invalid"}]},
        {"files": {"conversations-000.zip": "https://example.invalid"}},
    ],
)
def test_a_list_of_links_is_told_by_its_links_and_names(project, downloads, value):
    assert "Open the link of conversations-000.zip" in refused(as_file(downloads / "a.json", value), "claude")


def test_a_conversation_about_the_parts_is_no_list_of_links(project, downloads, texts):
    attached = human(texts[FREE], "conversations-000.zip")
    export = as_file(downloads / "a.json", claude([attached, assistant(PROFILE, "https://example.invalid")]))
    assert len(imported(export, "claude")["written"]) == 1


def test_a_part_that_was_downloaded_twice_is_not_missed(project, downloads, parts):
    files = as_zips(downloads / "zips", parts)
    files["conversations-000.zip"].rename(downloads / "zips/conversations-000 (1).zip")
    as_file(downloads / "zips/manifest.json", ALL)
    assert imported(downloads / "zips", "claude")["left"] == {}


def test_a_document_that_is_only_linked_is_taken_from_the_frames(project, downloads, texts, parts):
    said = f"It is published: https://claude.ai/public/artifacts/{ID}"
    parts["conversations-000.zip"]["conversations.json"] = claude([human(texts[FREE]), assistant(said)])
    export = as_zips(downloads / "zips", parts)["conversations-000.zip"]
    assert imported(export, "claude")["written"] == []
    parts["frames-000.zip"] = {f"artifacts/{ID}/page.md": PROFILE}
    as_zips(downloads / "zips", parts)
    [path] = imported(downloads / "zips", "claude")["written"]
    assert (project / path).read_text().endswith(PROFILE)


def test_a_list_of_links_leaves_no_link_in_what_is_said(project, downloads):
    listed = as_file(downloads / "m.json", json.dumps(ALL))
    assert "example.invalid" not in refused(listed, "claude")


def test_a_document_whose_edits_cannot_be_put_together_is_taken_from_the_frames(
    project, downloads, texts, parts
):
    change = artifact("update", old_str="3", new_str="34")
    chats = claude([human(texts[FREE]), assistant(change, "Changed.")])
    parts["conversations-000.zip"]["conversations.json"] = chats
    parts["frames-000.zip"] = {"artifacts/a/page.md": PROFILE}
    as_zips(downloads / "zips", parts)
    [path] = imported(downloads / "zips", "claude")["written"]
    assert (project / path).read_text().endswith(PROFILE)


def test_several_published_documents_are_remarked(project, downloads, texts, parts):
    link, other = "https://claude.ai/public/artifacts", '{"age": 35}'
    said = f"Published: {link}/{ID} and {link}/second"
    parts["conversations-000.zip"]["conversations.json"] = claude([human(texts[FREE]), assistant(said)])
    parts["frames-000.zip"] = {f"artifacts/{ID}/page.md": PROFILE, "artifacts/second/page.md": other}
    as_zips(downloads / "zips", parts)
    found = imported(downloads / "zips", "claude")
    assert ["several documents" in one for one in found["remarks"]] == [True]
    assert (project / found["written"][0]).read_text().endswith(f"{PROFILE}\n\n{other}")
