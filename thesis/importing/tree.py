"""A conversation is a tree: what was edited or regenerated stays in it, beside the branch that is shown."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from thesis.importing.documents import Documents
from thesis.importing.objects import keys_of
from thesis.importing.turns import Beside, Node, Remark, Turn, hashed, safe_id

T = TypeVar("T")
_UNIQUE = 32
"""Signs of an id that no other message has: copies of a conversation are known by it."""


@dataclass(frozen=True)
class _About:
    """What is true of all turns of a conversation."""

    conversation: str
    remarks: tuple[Remark, ...]
    copied_from: tuple[str, ...]
    first_message: str | None


def turns_of(
    conversation: str,
    nodes: dict[str, Node],
    leaf: str | None,
    remarks: tuple[Remark, ...] = (),
    copied_from: Sequence[str] = (),
) -> Iterator[Turn]:
    """The turns of the branch that ends at `leaf`, and one that is not shown for each other answer.

    Consecutive messages of the assistant are one answer.

    Args:
        remarks: what is true of all answers.
        copied_from: conversations that this one was branched off.
    """
    path = path_to(nodes, leaf)
    on_path, children = set(path), _children(nodes)
    conversation = safe_id(conversation) if conversation else hashed(*nodes)
    spoken = [nodes[id_] for id_ in path if nodes[id_].role != "hidden"]
    first = spoken[0].id if spoken and len(spoken[0].id) >= _UNIQUE else None
    about = _About(conversation, remarks, tuple(map(safe_id, copied_from)), first)
    documents, greeting = Documents(), _answer(spoken)
    for place, node in enumerate(spoken):
        if node.role == "user":
            answer = _answer(spoken[place + 1 :])
            if place == len(greeting):  # what is not known before the first message is named with it
                node = replace(node, unknown=(*_all(lambda one: one.unknown, *greeting), *node.unknown))
            yield _turn(about, node, answer, documents, first=place == 0)
    for node in nodes.values():
        if node.role == "user":
            for reply in _first_replies(node, nodes, children):
                if reply.id not in on_path:
                    yield _turn(about, node, [reply], Documents(), shown=False)


def in_a_row(nodes: Sequence[Node]) -> dict[str, Node]:
    """Messages of an export that has no tree: each follows the one before.

    >>> [node.parent for node in in_a_row([Node("a", None, "user"), Node("b", None, "assistant")]).values()]
    [None, 'a']
    """
    parents = [None, *(node.id for node in nodes)]
    return {node.id: replace(node, parent=parent) for node, parent in zip(nodes, parents, strict=False)}


def _turn(
    about: _About,
    user: Node,
    answer: Sequence[Node],
    documents: Documents,
    first: bool = False,
    shown: bool = True,
) -> Turn:
    models = [node.model for node in answer if node.model]
    dates = [node.date for node in (*answer, user) if node.date]
    said = "\n\n".join(text.strip() for node in answer for text in node.texts if text.strip())
    text = documents.answer(said, [edit for node in answer for edit in node.edits])
    if any(node.unknown for node in answer) and not isinstance(text, Beside) and not keys_of(text):
        text = Beside.UNKNOWN
    beside = text if isinstance(text, Beside) else None
    remarks = [*about.remarks, *_all(lambda node: node.remarks, user, *answer)]
    remarks += [Remark.DOCUMENTS] * documents.several
    return Turn(
        conversation=about.conversation,
        message=safe_id(answer[0].id if answer else user.id),
        asked=("\n".join(user.texts), *user.pasted),
        attached=user.attached,
        first=first,
        shown=shown,
        answer="" if beside else text,
        model=models[-1] if models else None,
        date=dates[0] if dates else None,
        beside=beside if shown else None,
        remarks=tuple(dict.fromkeys(remarks)),
        unknown=tuple(_all(lambda node: node.unknown, user, *answer)),
        elsewhere=tuple(_all(lambda node: node.elsewhere, *answer)) if beside else (),
        copied_from=about.copied_from,
        first_message=about.first_message,
    )


def _all(part: Callable[[Node], tuple[T, ...]], *nodes: Node) -> Iterator[T]:
    return (one for node in nodes for one in part(node))


def _answer(following: Sequence[Node]) -> list[Node]:
    answer: list[Node] = []
    for node in following:
        if node.role == "user":
            break
        answer.append(node)
    return answer


def path_to(nodes: dict[str, Node], leaf: str | None) -> list[str]:
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
