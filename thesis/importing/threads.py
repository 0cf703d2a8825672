"""Which conversations hang together: "Branch in new chat" copies one, with the ids of its messages."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Threads:
    """Groups of conversations, joined by what they have in common (union and find)."""

    _above: dict[str, str] = field(default_factory=dict)
    _copies: set[str] = field(default_factory=set)
    """Conversations that name another one as their source."""
    _conversations: dict[str, None] = field(default_factory=dict)

    def add(self, conversation: str, sources: Iterable[str], shared: Iterable[str]) -> None:
        """Join a conversation with those it was copied from, and with those that share something with it."""
        self._conversations[conversation] = None
        for source in sources:
            self._copies.add(conversation)
            self._conversations.setdefault(source)
            self._join(source, conversation)
        for key in shared:
            self._join(conversation, key)

    def members(self, conversation: str) -> list[str]:
        """All conversations of the group, the original first: no copy, or else the oldest id.

        >>> threads = Threads()
        >>> threads.add("c", ["b"], []), threads.add("b", ["a"], []), threads.add("d", [], [])
        (None, None, None)
        >>> threads.members("c"), threads.members("d")
        (['a', 'b', 'c'], ['d'])
        """
        top = self._top(conversation)
        group = [one for one in self._conversations if self._top(one) == top]
        return sorted(group, key=lambda one: (one in self._copies, one))

    def _top(self, key: str) -> str:
        while (above := self._above.get(key, key)) != key:
            self._above[key] = self._above.get(above, above)
            key = above
        return key

    def _join(self, one: str, other: str) -> None:
        self._above[self._top(other)] = self._top(one)
