"""Replace single values in the text of a YAML file; comments, order and layout stay."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import yaml
from ruamel.yaml import MappingNode, Node, SequenceNode
from ruamel.yaml.nodes import CollectionNode

from stages.common.params import yaml_reader

Key: TypeAlias = tuple[str | int, ...]


def spliced(text: str, changes: Mapping[Key, Any]) -> str:
    """The text with new values; a comment after a value keeps its column if there is room.

    Args:
        changes: values by key, a tuple of keys and list positions. `flow` writes them; a `Block` is written
            as it is.

    Raises:
        KeyError: a key is missing.

    >>> print(spliced("a:\\n  b: null  # why\\n  c: 1\\n", {("a", "b"): ","}), end="")
    a:
      b: ','   # why
      c: 1
    """
    root = yaml_reader().compose(text)
    if root is None:
        raise KeyError("everything")
    spans = {key: _span(_node(root, key)) for key in changes}
    for key, (start, end) in sorted(spans.items(), key=lambda item: -item[1][0]):
        value = changes[key]
        if isinstance(value, Block):
            text = text[:start] + _block(value, text, start) + text[end:]
        else:
            text = text[:start] + flow(value) + _behind(text[end:], len(flow(value)) - (end - start))
    return text


class Block:
    """A list whose entries are written unchanged."""

    def __init__(self, entries: Sequence[str]) -> None:
        self.entries = entries


def flow(value: Any) -> str:
    """A value on one line that YAML 1.1 and 1.2 read the same way.

    >>> flow(None), flow("yes"), flow(["Köln", 2]), flow("08")
    ('null', "'yes'", '[Köln, 2]', '"08"')
    """
    if isinstance(value, dict):
        return f"{{{', '.join(f'{flow(key)}: {flow(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow, value))}]"
    plain = _dumped(value, allow_unicode=True)
    if isinstance(value, str) and ("\n" in plain or yaml_reader().load(plain) != value):
        return _dumped(value, default_style='"')
    return plain


def _dumped(value: Any, **how: Any) -> str:
    text: str = yaml.safe_dump([value], default_flow_style=True, width=float("inf"), **how)
    return text.strip()[1:-1]


def _block(value: Block, text: str, start: int) -> str:
    if text[start] == "[" or not value.entries:
        return f"[{', '.join(value.entries)}]"
    column = start - (text.rfind("\n", 0, start) + 1)
    return f"\n{' ' * column}".join(f"- {entry}" for entry in value.entries)


def _node(node: Node, key: Key) -> Node:
    for part in key:
        children = (
            {name.value: child for name, child in node.value}
            if isinstance(node, MappingNode)
            else dict(enumerate(node.value))
            if isinstance(node, SequenceNode)
            else {}
        )
        if part not in children:
            raise KeyError(".".join(map(str, key)))
        node = children[part]
    return node


def _span(node: Node) -> tuple[int, int]:
    """Start and end of a value; a block ends with its last value."""
    last = node
    while isinstance(last, CollectionNode) and not last.flow_style and last.value:
        last = last.value[-1][1] if isinstance(last, MappingNode) else last.value[-1]
    return node.start_mark.index, last.end_mark.index


def _behind(rest: str, growth: int) -> str:
    """The text after a value, with fewer spaces before a comment if the value grew."""
    bare = rest.lstrip(" ")
    blanks = len(rest) - len(bare)
    return " " * max(1, blanks - growth) + bare if blanks and bare.startswith("#") else rest
