"""From two files as they are given to two files that can be used: who is who, and what is left out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from stages.common.records import CONDITIONS, Condition
from stages.shell.errors import mistakes
from thesis.init.arranging import Identity, arranged, emptied, identified
from thesis.init.keys import PLACE
from thesis.init.looking import Seen
from thesis.init.mentions import mentions
from thesis.init.people import who_is_who
from thesis.init.private import hardly_repeats, is_in, private
from thesis.init.reading import Given
from thesis.init.ties import WEAK, Settled, Tie


@dataclass(frozen=True)
class People:
    """Who the files are about."""

    given: Mapping[Condition, Given] = field(repr=False)
    """The records as they are written."""
    rewritten: Mapping[Condition, bool]
    """Whether they differ from the file that was given."""
    identity: Identity | None
    refuted: Sequence[Tie]
    left_out: Mapping[str, str]
    """What each place held that is left out, by its path."""
    mentions: Mapping[str, int]
    """In how many records a text still says what was left out, by its path."""


def people_of(
    given: Mapping[Condition, Given], seen: Seen, nulls: frozenset[str], settled: Settled
) -> People:
    """Decide by both files who is who, and take out what is private.

    Raises:
        UserError: a flag names a field that is not there.
    """
    records = {c: given[c].records for c in CONDITIONS}
    hidden = private(seen, settled.keep)
    plain = seen.plain()
    leaves = [path for path, _ in seen.leaves()]
    places = [p for p in {**dict.fromkeys(leaves), **plain} if "[]" not in p or hardly_repeats(plain[p])]
    secret = [path for path in places if any(is_in(path, one) for one in hidden)]
    who = who_is_who(records, places, leaves, secret, nulls, settled)
    left_out = hidden | {p: "numbers the records" for p in who.numbering if p not in secret}
    identity: Identity | None = None
    ids: dict[Condition, list[Any]] = {}
    if who.tie is not None:
        source, second = (who.tie.keys[c].path for c in CONDITIONS)
        numbered = settled.id == WEAK or source == PLACE or source in secret or "[]" in source
        identity, ids = identified(who.tie, records, who.table, numbered=numbered)
        if second not in (source, PLACE):
            left_out[second] = f"names the {source} of original"
        left_out.pop(identity.path, None)
    left_out = {p: what for p, what in left_out.items() if not any(is_in(p, one) for one in settled.keep)}
    _refuse_needless(settled.keep, [*plain])
    path = identity.path if identity else None
    gone = {*left_out} | emptied(seen, left_out)
    found = {
        c: replace(given[c], records=arranged(records[c], gone, path, ids.get(c, ()))) for c in CONDITIONS
    }
    rewritten = {c: found[c].records != records[c] for c in CONDITIONS}
    said = Counter[str]()
    for c in CONDITIONS:
        said += mentions(records[c], found[c].records, [path for path in hidden if path in left_out])
    return People(found, rewritten, identity, who.refuted, left_out, said)


def _refuse_needless(kept: Sequence[str], places: Sequence[str]) -> None:
    wrong = [f"--keep {one}" for one in kept if not any(is_in(place, one) for place in places)]
    if wrong:
        raise mistakes("--keep names a field that is not there", wrong, f"There are: {', '.join(places)}")
