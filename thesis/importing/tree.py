"""A conversation is a tree: what was edited or regenerated stays in it, beside the branch that is shown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from thesis.importing.documents import documents
from thesis.importing.turns import Beside, Node, Turn, hashed, safe_id


def turns_of(conversation: str, nodes: dict[str, Node], leaf: str | None) -> Iterator[Turn]:
    """The turns of the branch that ends at `leaf`, and one that is not shown for each other answer.

    Consecutive messages of the assistant are one answer.
    """
    path = _path(nodes, leaf)
    on_path, children = set(path), _children(nodes)
    conversation = safe_id(conversation) if conversation else hashed(*nodes)
    spoken = [nodes[id_] for id_ in path if nodes[id_].role != "hidden"]
    for place, node in enumerate(spoken):
        if node.role == "user":
            yield _turn(conversation, node, _answer(spoken[place + 1 :]), place == 0)
    for node in nodes.values():
        if node.role == "user":
            for reply in _first_replies(node, nodes, children):
                if reply.id not in on_path:
                    yield _turn(conversation, node, [reply], first=False, shown=False)


def in_a_row(nodes: Sequence[Node]) -> dict[str, Node]:
    """Messages of an export that has no tree: each follows the one before.

    >>> [node.parent for node in in_a_row([Node("a", None, "user"), Node("b", None, "assistant")]).values()]
    [None, 'a']
    """
    parents = [None, *(node.id for node in nodes)]
    return {
        node.id: Node(**{**vars(node), "parent": parent})
        for node, parent in zip(nodes, parents, strict=False)
    }


def _turn(conversation: str, user: Node, answer: Sequence[Node], first: bool, shown: bool = True) -> Turn:
    models = [node.model for node in answer if node.model]
    dates = [node.date for node in (*answer, user) if node.date]
    text = _text(answer)
    return Turn(
        conversation=conversation,
        message=safe_id(answer[0].id if answer else user.id),
        asked=("\n".join(user.texts), *user.pasted),
        attached=user.attached,
        first=first,
        shown=shown,
        answer=text or "",
        model=models[-1] if models else None,
        date=dates[0] if dates else None,
        beside=Beside.EDITS if text is None else None,
    )


def _text(answer: Sequence[Node]) -> str | None:
    """What was said, and the documents beside it if no profile stands in what was said."""
    said = "\n\n".join(text.strip() for node in answer for text in node.texts if text.strip())
    edits = [edit for node in answer for edit in node.edits]
    if not edits or "{" in said:
        return said
    made = documents(edits)
    return None if made is None else "\n\n".join(part for part in (said, *made) if part.strip())


def _answer(following: Sequence[Node]) -> list[Node]:
    answer: list[Node] = []
    for node in following:
        if node.role == "user":
            break
        answer.append(node)
    return answer


def _path(nodes: dict[str, Node], leaf: str | None) -> list[str]:
    """Ids from the root to the leaf; without a leaf, to the last message that nothing follows."""
    if leaf not in nodes:
        parents = {node.parent for node in nodes.values()}
        leaf = next((id_ for id_ in reversed(nodes) if id_ not in parents), None)
    path: dict[str, None] = {}
    while leaf is not None and leaf in nodes and leaf not in path:  # a circle ends it
        path[leaf] = None
        leaf = nodes[leaf].parent
    return list(path)[::-1]


def _children(nodes: dict[str, Node]) -> dict[str | None, list[Node]]:
    children: dict[str | None, list[Node]] = defaultdict(list)
    for node in nodes.values():
        children[node.parent].append(node)
    return children


def _first_replies(
    user: Node, nodes: dict[str, Node], children: Mapping[str | None, Sequence[Node]]
) -> list[Node]:
    """The first thing that the assistant says in each branch below a message of the user."""
    found: list[Node] = []
    todo, seen = [user], set[str]()
    while todo:
        node = todo.pop()
        for child in children.get(node.id, ()):
            if child.id in seen or child.role == "user":
                continue
            seen.add(child.id)
            (found if child.role == "assistant" else todo).append(child)
    return found
