"""Marked words: tuned arms against each other, arms against their dataset, levels against the rest."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from stages.common.comparison import is_constrained
from stages.common.fields import Field, get
from stages.common.levels import NULL, levels_of
from stages.common.records import Profile
from stages.common.seeds import seed_for
from stages.common.tables.base import ALL, NotComputed, Row
from stages.common.tables.words import MarkedWordRow
from stages.evaluate.cells import Cell, Study, by_arm, tuned_pairs
from stages.evaluate.rows import left_out
from stages.evaluate.units import Unit
from stages.evaluate.words.marking import TextGroups, marked
from stages.evaluate.words.tokens import tokens

MIN_TEXTS = 5
"""Texts that a comparison needs on either side; what is exchanged as one counts as one."""
GENERATED, DATASET = "generated", "dataset"


@dataclass(frozen=True)
class Comparison:
    """Two named groups of texts of one field."""

    arm: str
    prompt: str
    field: str
    target: str
    reference: str
    groups: TextGroups
    name: str
    """What is compared; comparisons of one name that are left out are one row."""

    @property
    def topic(self) -> tuple[str, ...]:
        return self.arm, self.prompt, self.field, self.name

    @property
    def n(self) -> tuple[int, int]:
        """How many texts, or conversations that hold them, can be exchanged on either side."""
        joined = self.groups.joined
        return len(joined.target), len(joined.reference)

    @property
    def is_small(self) -> bool:
        return min(self.n) < MIN_TEXTS


def marked_words(cells: Sequence[Cell], study: Study) -> Iterator[Row]:
    """All comparisons are adjusted together (Bonferroni); those of constrained arms by themselves."""
    fields = study.schema.by_role("text")
    everything = [one for field in fields for one in _comparisons(cells, study, field)]
    n_tested = Counter(is_constrained(one.arm) for one in everything if not one.is_small)
    for topic, group in groupby(everything, key=lambda one: one.topic):
        comparisons = list(group)
        few = [one for one in comparisons if one.is_small]
        for one in comparisons:
            yield from () if one.is_small else _rows(one, n_tested[is_constrained(one.arm)], study)
        if few:
            yield _too_few(few, topic[-1])


def _comparisons(cells: Sequence[Cell], study: Study, field: Field) -> Iterator[Comparison]:
    for a, b in tuned_pairs(cells):
        rows = [(text, cell is b, "", unit) for cell in (b, a) for text, _, unit in _texts(cell, field)]
        name = f"{b.arm} against {a.arm}"
        yield Comparison(ALL, a.prompt.id, field.path, b.arm, a.arm, TextGroups.of(rows), name)
    for cell in cells:
        if cell.reference.reason is None:
            people = enumerate(get(person, field.path) for person in cell.reference.profiles)
            rows = [(text, True, "", unit) for text, _, unit in _texts(cell, field)]
            rows += [(text, False, "", (str(i),)) for i, text in people if isinstance(text, str)]
            groups = TextGroups.of(rows)
            yield Comparison(*cell.key, field.path, GENERATED, DATASET, groups, "against the dataset")
    for of_arm in by_arm(cells).values():
        yield from _of_levels(of_arm, study, field)


def _of_levels(cells: Sequence[Cell], study: Study, field: Field) -> Iterator[Comparison]:
    """Each level of a protected field against the rest, over all prompts of an arm.

    Texts are exchanged within prompts and within conversations of several draws. One of two
    levels is enough. Null is no group.
    """
    sizes = Counter(unit for cell in cells for unit in cell.parsed_units)
    texts = [
        ("\n".join([cell.prompt.id, *(found[2] if sizes[found[2]] > 1 else ())]), *found)
        for cell in cells
        for found in _texts(cell, field)
    ]
    for protected in study.schema.by_role("protected"):
        levels = levels_of(protected, study.everyone)
        named = [level for level in levels.known if level != NULL]
        for level in named[: 1 if len(levels.known) == 2 else None]:
            rows = [
                (text, levels.of(profile) == level, block, (str(i),))
                for i, (block, text, profile, _) in enumerate(texts)
            ]
            names = f"{protected.path} = {level}", "rest"
            yield Comparison(cells[0].arm, ALL, field.path, *names, TextGroups.of(rows), protected.path)


def _texts(cell: Cell, field: Field) -> list[tuple[str, Profile, Unit]]:
    """The texts of a field, each with its profile and unit."""
    found = ((get(profile, field.path), profile, unit) for profile, unit in cell.pairs)
    return [(text, profile, unit) for text, profile, unit in found if isinstance(text, str)]


def _rows(one: Comparison, n_comparisons: int, study: Study) -> Iterator[Row]:
    target, reference = one.groups.target, one.groups.reference
    params = study.params
    names = one.arm, one.prompt, one.field, one.target, one.reference
    seed = seed_for(params.seed, "marked words", *names)
    tail = (1 - params.confidence) / n_comparisons
    found = marked(one.groups, tail=tail, draws=params.null_draws, seed=seed)
    counts = [[word for text in side for word in tokens(text)] for side in (target, reference)]
    for word in found.shown:
        yield MarkedWordRow(
            arm=one.arm,
            prompt=one.prompt,
            field=one.field,
            target=one.target,
            reference=one.reference,
            n_target=len(target),
            n_reference=len(reference),
            word=word,
            n_word_target=counts[0].count(word),
            n_word_reference=counts[1].count(word),
            z=found.z_by_word[word],
            threshold=found.threshold,
            n_comparisons=n_comparisons,
            marked=found.is_marked(word),
        )


def _too_few(comparisons: Sequence[Comparison], name: str) -> NotComputed:
    one = comparisons[0]
    found = ", ".join(f"{few.target} {few.n[0]} and {few.n[1]}" for few in comparisons)
    reason = f"needs {MIN_TEXTS} texts on either side; there are: {found}"
    if any(one.n != (len(one.groups.target), len(one.groups.reference)) for one in comparisons):
        reason += " (those of a conversation count as one)"
    return left_out("marked_words", reason, one.field, arm=one.arm, prompt=one.prompt, contrast=name)
