"""The draft of the schema: the places that were seen, with guessed roles."""

from collections.abc import Mapping
from typing import Any

from stages.prepare.params import NullParams, NumberParams
from thesis.init.drafts.roles import Guess
from thesis.init.fields.kinds import Node, node_of
from thesis.init.records.seen import Seen

TITLE = "Profile of one person"


def draft_schema(
    seen: Seen, guesses: Mapping[str, Guess], rules: NumberParams, nulls: NullParams
) -> dict[str, Any]:
    """A JSON Schema 2020-12 with an x-role for each field, and the reason in its $comment."""
    node = node_of(seen, rules, nulls_dropped=nulls.become == "dropped")
    _give_roles(node, "", guesses)
    for path, place in seen.leaves():
        if guesses[path].role == "identifier":
            _put(node, path, place)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": TITLE}
    return {**head, **node, "x-rules": [], "x-text-rules": []}


def _put(node: Node, path: str, place: Seen) -> None:
    """Set the types of an identifier to those of its values, and drop its levels."""
    for key in path.split("."):
        node = node["properties"][key]
    node.pop("enum", None)
    node["type"] = place.types.pop() if len(place.types) == 1 else sorted(place.types)


def _give_roles(node: Node, prefix: str, guesses: Mapping[str, Guess]) -> None:
    for key, child in node["properties"].items():
        path = f"{prefix}{key}"
        if "properties" in child:
            _give_roles(child, f"{path}.", guesses)
        else:
            child["x-role"] = guesses[path].role
            child["$comment"] = f"check: {guesses[path].role} because: {guesses[path].why}"
