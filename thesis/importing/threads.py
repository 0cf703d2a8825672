"""Conversations that share messages: "Branch in new chat" copies one, with the ids of its messages."""

from collections.abc import Iterable


class Threads:
    """Groups of conversations, joined by the messages that they share."""

    def __init__(self) -> None:
        self._groups: dict[str, set[str]] = {}
        """The group of a conversation, and of an id that its copies share."""
        self._conversations: set[str] = set()
        self._copies: set[str] = set()
        """Conversations that name another one as their source."""

    def add(self, conversation: str, sources: Iterable[str], shared: Iterable[str]) -> None:
        """Join a conversation with those that it was copied from, and with those that share an id with it."""
        sources = set(sources)
        self._conversations |= {conversation, *sources}
        self._copies |= {conversation} if sources else set()
        group = set[str]()
        for key in (conversation, *sources, *shared):
            group |= self._groups.get(key, {key})
        self._groups |= dict.fromkeys(group, group)

    def members(self, conversation: str) -> list[str]:
        """The conversations of the group, the original first: one that is no copy, else the smallest id.

        >>> threads = Threads()
        >>> threads.add("c", ["b"], []), threads.add("b", ["a"], []), threads.add("d", [], [])
        (None, None, None)
        >>> threads.members("c"), threads.members("d")
        (['a', 'b', 'c'], ['d'])
        """
        group = self._groups[conversation] & self._conversations
        return sorted(group, key=lambda one: (one in self._copies, one))
