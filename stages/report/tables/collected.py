"""Where the answers of chat pages come from, and what a grammar does to validity."""

from collections.abc import Iterator, Sequence

from stages.common.comparison import free_twin, is_constrained, source_of
from stages.common.pasted import Pasted
from stages.common.shown import visible
from stages.common.tables.format import ValidityRow
from stages.report.inputs import Inputs
from stages.report.numbers import listed
from stages.report.table import ARM_AND_PROMPT, Column, Entry, Table, heads
from stages.report.tables.entries import of_arm, of_cell, share, texts, whole

NOT_SHOWN = "not shown"
NOT_NAMED = "not named"
GRAMMAR = (
    "Validity under the grammar shows what the grammar does, and nothing of what a model has learned: the "
    "sentences of this page use the free draws alone."
)


def origins(inputs: Inputs) -> Iterator[Table]:
    """One row per arm, prompt, product and model label."""
    heads = ("prompt", "product", "interface", "model", "dates")
    counts = ("answers", "conversations", "draws", "with words around", "cut off")
    columns = [Column("arm"), *(Column(name, words=True) for name in heads), *map(Column, counts)]
    grouped: dict[tuple[str, ...], list[Pasted]] = {}
    for row in inputs.collected:
        made = row.provenance
        shown = (made.product or NOT_SHOWN, made.interface or NOT_NAMED, made.model or NOT_SHOWN)
        key = row.arm, row.prompt_id, *map(visible, shown)
        grouped.setdefault(key, []).append(row)
    note = "“With words around”: answers that say more than profiles. The answers are in data/external/."
    rows = [
        [of_arm(key[0], inputs), *texts(*key[1:]), _dates(found), *_counts(found)]
        for key, found in grouped.items()
    ]
    yield Table("origins", "Where the chat answers come from", columns, rows, note)


def constrained(inputs: Inputs) -> Iterator[Table]:
    """One row per cell that was drawn both freely and under the grammar."""
    columns = [
        *ARM_AND_PROMPT,
        *heads("validity", "valid, free", "share, free", "valid, constrained", "share, constrained"),
    ]
    rows = [
        [*of_cell(free.key, inputs), *_valid(free), *_valid(bound)]
        for free, bound in free_and_constrained(inputs)
    ]
    caption = "Valid profiles, drawn freely and under the schema’s grammar"
    yield Table("constrained", caption, columns, rows, GRAMMAR)


def free_and_constrained(inputs: Inputs) -> list[tuple[ValidityRow, ValidityRow]]:
    """Validity of the cells that were drawn both freely and under the grammar."""
    found = {row.key: row for row in inputs.tables[ValidityRow]}
    twins = [(free_twin(arm), arm) for arm in inputs.arms if is_constrained(arm)]
    keys = [((free, one), (bound, one)) for free, bound in twins for one in inputs.prompts_in_order]
    return [(found[free], found[bound]) for free, bound in keys if {free, bound} <= {*found}]


def missing_words(inputs: Inputs) -> str:
    """Which sources have no answer, and which were not asked on their web page; "" if there are none."""
    there = {row.source for row in inputs.collected}
    missing = [source for source in inputs.expected if source not in there]
    said = (
        [f"No answers from {listed(missing)} yet: `thesis prompts` prints what to paste."] if missing else []
    )
    if others := other_interfaces(inputs):
        said.append(f"Not asked on a web page: {listed(others)}.")
    return " ".join(said)


def other_interfaces(inputs: Inputs) -> list[str]:
    """The sources whose name says that they were not asked on a web page, such as claude(API)."""
    others = (row.arm for row in inputs.collected if source_of(row.arm) != row.source)
    return list(dict.fromkeys(map(source_of, others)))


def _dates(rows: Sequence[Pasted]) -> Entry:
    """The first and the last day of these answers."""
    days = sorted({row.provenance.date[:10] for row in rows if row.provenance.date})
    if not days:
        return Entry(NOT_SHOWN, values={})
    ends = {"first": days[0], "last": days[-1]}
    return Entry(" to ".join(dict.fromkeys(ends.values())), values=ends)


def _counts(rows: Sequence[Pasted]) -> list[Entry]:
    files = {row.file: row for row in rows}
    cut = {row.file for row in rows if row.ended == "cut"}
    n_around = len([row for row in files.values() if row.around.strip()])
    talks = {row.conversation for row in rows}
    return [whole(n) for n in (len(files), len(talks), len(rows), n_around, len(cut))]


def _valid(row: ValidityRow) -> list[Entry]:
    return [Entry(f"{row.n_valid} of {row.n}", values={"": row.n_valid, "of": row.n}), share(row.rate)]
