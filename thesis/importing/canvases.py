"""ChatGPT's canvases whose texts are beside the messages, in the conversation's list `textdocs`.

The list holds the last state of each canvas. A message names its canvas in `metadata.canvas.textdoc_id`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from thesis.importing.objects import keys_of
from thesis.importing.tree import path_to
from thesis.importing.turns import Edit, Node, dict_of, dicts, text_of

CREATE, UPDATE = "canmore.create_textdoc", "canmore.update_textdoc"


def canvas_of(message: Mapping[str, Any]) -> str | None:
    """The id of the canvas that a message names; "" for a canvas without an id, None without a canvas.

    >>> canvas_of({"metadata": {"canvas": {"textdoc_id": "a"}}}), canvas_of({"metadata": {}})
    ('a', None)
    """
    canvas = dict_of(message, "metadata").get("canvas")
    if not canvas:
        return None
    return text_of(canvas, "textdoc_id", "id") if isinstance(canvas, dict) else ""


def with_textdocs(
    nodes: dict[str, Node], messages: Mapping[str, Mapping[str, Any]], textdocs: Any, leaf: str | None
) -> dict[str, Node]:
    """Add the text of each canvas to the last message of the branch that names it.

    Only the calls tell the earlier states of a canvas.
    """
    texts = {
        text_of(one, "id", "textdoc_id") or f"canvas {number}": text_of(one, "content")
        for number, one in enumerate(dicts(textdocs))
    }
    if not texts:
        return nodes
    path = list(path_to(nodes, leaf))
    named = _named(path, nodes, messages, texts)
    last = {document: id_ for id_, document in named.items()}
    found = dict(nodes)
    for id_, document in named.items():
        edits = tuple(_edit(edit, document, texts) for edit in nodes[id_].edits)
        if last[document] == id_ and texts.get(document):
            edits += (Edit("whole", document, new=texts[document]),)
        found[id_] = replace(nodes[id_], edits=edits)
    unnamed = {id_: text for id_, text in texts.items() if id_ not in last and text}
    return found | _with_unnamed([found[id_] for id_ in path], unnamed)


def _named(
    path: Sequence[str],
    nodes: Mapping[str, Node],
    messages: Mapping[str, Mapping[str, Any]],
    texts: Mapping[str, str],
) -> dict[str, str]:
    """The canvas of each message that has one; the messages after a call name the call's canvas."""
    found: dict[str, str] = {}
    below = ""
    for id_ in reversed(path):
        canvas, recipient = canvas_of(messages.get(id_, {})), messages.get(id_, {}).get("recipient")
        if nodes[id_].role == "user":
            below = ""
        if nodes[id_].role != "assistant" or (canvas is None and recipient not in (CREATE, UPDATE)):
            continue
        below = canvas or below
        own = (canvas or below) if recipient in (CREATE, UPDATE) else canvas or ""
        found[id_] = next(iter(texts)) if len(texts) == 1 else own
        if recipient == CREATE:
            below = ""
    return dict(reversed(found.items()))


def _edit(edit: Edit, document: str, texts: Mapping[str, str]) -> Edit:
    """The edit with the id of its canvas; a file that is offered for download keeps its name."""
    if edit.kind == "shown" and not edit.document:
        return Edit("shown" if document in texts else "unclear", document or "?")
    is_call = edit.kind != "shown" and document
    return replace(edit, document=document) if is_call else edit


def _with_unnamed(path: Sequence[Node], texts: Mapping[str, str]) -> dict[str, Node]:
    """The answers without a profile, with the canvases that no message names.

    A single canvas belongs to a single such answer; if there are more, it is unclear which belongs where.
    """
    spoken = (node for node in path if node.role != "hidden")
    by_speaker = [[*said] for _, said in groupby(spoken, lambda node: node.role) if texts]
    answers = [one for one in by_speaker if one[0].role == "assistant" and _is_open(one)]
    edit = Edit("unclear", "?")
    if len(answers) == len(texts) == 1:
        [(document, text)] = texts.items()
        edit = Edit("whole", document, new=text)
    return {one[-1].id: replace(one[-1], edits=(edit,)) for one in answers}


def _is_open(answer: Sequence[Node]) -> bool:
    """Whether an answer has neither a document nor a profile."""
    said = "\n".join(text for node in answer for text in node.texts)
    return not any(node.edits for node in answer) and not keys_of(said)
