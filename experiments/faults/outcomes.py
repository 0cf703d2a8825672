"""What came of each fault, and the counts by kind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.markup import escape
from rich.table import Table

from experiments.faults.scratch import Project


@dataclass(frozen=True)
class Outcome:
    """One fault and its end."""

    kind: str
    what: str
    """Which stage or file, and when."""
    wrong: Sequence[str] = ()
    """What was not as it should be at the end; empty if the fault was survived."""
    continued: bool = False
    """Whether the next run went on from a checkpoint or a batch."""

    def __str__(self) -> str:
        how = f"LOST: {'; '.join(self.wrong)}" if self.wrong else "survived"
        return f"{self.kind}, {self.what}: {how}{', continued' if self.continued else ''}"


def after_repro(
    project: Project, undisturbed: Mapping[str, bytes], kind: str, what: str, wrong: Iterable[str] = ()
) -> Outcome:
    """What the next `dvc repro` comes to: it must end well, and in the undisturbed run's bytes.

    These hold dvc.lock, so that dvc takes every stage for current.

    Args:
        wrong: what went wrong before, such as a fault that nobody named.
    """
    found = [*wrong]
    if code := project.dvc("repro"):
        found.append(f"dvc repro ended with code {code}: {project.said()[-600:]}")
    continued = "continues" in project.said()
    found += [f"{name} differs" for name in project.differing(undisturbed)]
    return Outcome(kind, what, found, continued)


def counts(outcomes: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    """Faults, survived and lost by kind, in the order of kinds.

    >>> counts([Outcome("a", "x"), Outcome("a", "y", ["z differs"]), Outcome("b", "x", continued=True)])["a"]
    {'faults': 2, 'survived': 1, 'lost': 1, 'continued': 0}
    """
    found: dict[str, dict[str, int]] = {}
    for one in outcomes:
        row = found.setdefault(one.kind, {"faults": 0, "survived": 0, "lost": 0, "continued": 0})
        row["faults"] += 1
        row["lost" if one.wrong else "survived"] += 1
        row["continued"] += one.continued
    return found


def of_commit(
    known: Mapping[str, Mapping[str, Any]], commit: str
) -> tuple[dict[str, Mapping[str, Any]], list[str]]:
    """Known counts without those of another commit, and what a person must know of them.

    >>> known = {"a": {"lost": 0}, "b": {"lost": 0, "commit": "12"}, "c": {"lost": 0, "commit": "34"}}
    >>> of_commit(known, "12")[1]
    ['kept, of an unknown commit: a', 'dropped, of another commit: c']
    """
    unknown = [kind for kind, row in known.items() if "commit" not in row]
    others = [kind for kind, row in known.items() if row.get("commit", commit) != commit]
    told = (("kept, of an unknown commit", unknown), ("dropped, of another commit", others))
    return (
        {kind: row for kind, row in known.items() if kind not in others},
        [f"{what}: {', '.join(kinds)}" for what, kinds in told if kinds],
    )


def summary(
    outcomes: Sequence[Outcome],
    settings: Mapping[str, int],
    commit: str,
    known: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """The content of metrics/faults.json.

    Args:
        commit: that the faults were done to.
        known: counts of kinds that were not tried this time.
    """
    tried = {kind: {**row, "commit": commit} for kind, row in counts(outcomes).items()}
    by_kind = {**known, **tried}
    keys = ("faults", "survived", "lost", "continued")
    total = {key: sum(row[key] for row in by_kind.values()) for key in keys}
    return {"all": total, "settings": settings, "kinds": by_kind}


def terminal(outcomes: Sequence[Outcome]) -> Table:
    """Summary for the terminal."""
    shown = Table("fault", "faults", "survived", "lost", "continued")
    for kind, row in counts(outcomes).items():
        shown.add_row(escape(kind), *map(str, row.values()))
    return shown
