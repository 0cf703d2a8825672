"""Turn a conversation's tree into turns; edited and regenerated ones are branches beside the shown one."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import takewhile
from typing import TypeVar

from thesis.importing.documents import Documents
from thesis.importing.objects import keys_of
from thesis.importing.turns import Beside, Node, Remark, Turn, hashed, safe_id

T = TypeVar("T")
_UNIQUE = 32
"""Number of characters from which an id is unique, so that copies of a conversation are known by it."""


def turns_of(
    conversation: str,
    nodes: dict[str, Node],
    leaf: str | None,
    remarks: tuple[Remark, ...] = (),
    copied_from: Sequence[str] = (),
) -> Iterator[Turn]:
    """The turns of the branch that ends at `leaf`, and a hidden turn for each answer beside it.

    Consecutive messages of the assistant are one answer.

    Args:
        remarks: remarks on all answers.
        copied_from: conversations from which this one was branched off.
    """
    path, children = path_to(nodes, leaf), defaultdict[str | None, list[Node]](list)
    for node in nodes.values():
        children[node.parent].append(node)
    spoken = [nodes[id_] for id_ in path if nodes[id_].role != "hidden"]
    made = partial(
        _turn,
        conversation=safe_id(conversation) if conversation else hashed(*nodes),
        remarks=remarks,
        copied_from=tuple(map(safe_id, copied_from)),
        first_message=spoken[0].id if spoken and len(spoken[0].id) >= _UNIQUE else None,
    )
    documents, greeting = Documents(), _answer(spoken)
    for place, node in enumerate(spoken):
        if node.role == "user":
            # What is unknown before the first message is reported with it.
            before = greeting if place == len(greeting) else []
            yield made(node, _answer(spoken[place + 1 :]), documents, first=place == 0, before=before)
    for node in nodes.values():
        if node.role == "user":
            for reply in _first_replies(node, children):
                if reply.id not in path:
                    yield made(node, [reply], Documents(), shown=False)


def _turn(
    user: Node,
    answer: Sequence[Node],
    documents: Documents,
    *,
    conversation: str,
    remarks: tuple[Remark, ...],
    copied_from: tuple[str, ...],
    first_message: str | None,
    first: bool = False,
    shown: bool = True,
    before: Sequence[Node] = (),
) -> Turn:
    models = [node.model for node in answer if node.model]
    dates = [node.date for node in (*answer, user) if node.date]
    said = "\n\n".join(text.strip() for node in answer for text in node.texts if text.strip())
    text = documents.answer(said, [edit for node in answer for edit in node.edits])
    if any(node.unknown for node in answer) and not isinstance(text, Beside) and not keys_of(text):
        text = Beside.UNKNOWN
    beside = text if isinstance(text, Beside) else None
    several = (Remark.DOCUMENTS,) * documents.several
    return Turn(
        conversation=conversation,
        message=safe_id(answer[0].id if answer else user.id),
        asked=("\n".join(user.texts), *user.pasted),
        attached=user.attached,
        first=first,
        shown=shown,
        answer="" if beside else text,
        model=models[-1] if models else None,
        date=dates[0] if dates else None,
        beside=beside if shown else None,
        remarks=tuple(dict.fromkeys((*remarks, *_all(lambda node: node.remarks, user, *answer), *several))),
        unknown=tuple(_all(lambda node: node.unknown, *before, user, *answer)),
        elsewhere=tuple(_all(lambda node: node.elsewhere, *answer)) if beside else (),
        copied_from=copied_from,
        first_message=first_message,
    )


def _all(part: Callable[[Node], tuple[T, ...]], *nodes: Node) -> Iterator[T]:
    return (one for node in nodes for one in part(node))


def _answer(following: Sequence[Node]) -> list[Node]:
    """The messages before the user's next one."""
    return list(takewhile(lambda node: node.role != "user", following))


def path_to(nodes: dict[str, Node], leaf: str | None) -> dict[str, None]:
    """Ids from the root to the leaf; without a leaf, to the last message that has no reply."""
    if leaf not in nodes:
        parents = {node.parent for node in nodes.values()}
        leaf = next((id_ for id_ in reversed(nodes) if id_ not in parents), None)
    path: dict[str, None] = {}
    while leaf is not None and leaf in nodes and leaf not in path:  # a circle ends it
        path[leaf] = None
        leaf = nodes[leaf].parent
    return dict.fromkeys(reversed(path))


def _first_replies(user: Node, children: Mapping[str | None, Sequence[Node]]) -> list[Node]:
    """The assistant's first message in each branch below a message of the user."""
    found: list[Node] = []
    todo, seen = [user], set[str]()
    while todo:
        for child in children.get(todo.pop().id, ()):
            if child.id not in seen and child.role != "user":
                seen.add(child.id)
                (found if child.role == "assistant" else todo).append(child)
    return found
