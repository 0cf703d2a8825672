"""Are profiles consistent, and do they link what the data does not: two screens."""

from collections.abc import Iterator, Sequence

from stages.common.phrases import many
from stages.common.tables.consistency import LikenessRow
from stages.common.tables.format import ANY, RuleRow, TextRuleRow
from stages.common.tables.totals import OutsideRow
from stages.report.inputs import Inputs
from stages.report.naming import arms_in_words
from stages.report.numbers import percent
from stages.report.screen import Screen, limits
from stages.report.tables.entries import in_brackets, of_readable, together


def consistency_screen(inputs: Inputs) -> Screen:
    rules, texts = _compared(RuleRow, inputs), _compared(TextRuleRow, inputs)
    return Screen(
        "consistency",
        "Are the profiles consistent?",
        _headline(rules, texts),
        [*_broken(rules, "rules", "Break a rule of the schema", inputs),
         *_broken(texts, "text_rules", "Text that contradicts a field", inputs), *_examples(rules, texts),
         *_alike(inputs)],
        (),
        ("rules", "text-rules", "adherence", "likeness", "agreement", "domain", "sources"),
        limits(inputs, "The rules know only the schema: a profile may break none and describe nobody."),
    )  # fmt: skip


def bias_screen(inputs: Inputs) -> Screen:
    return Screen(
        "bias",
        "Who appears, and with what?",
        _linked(inputs.outside("association")),
        [*_amplified(inputs)],
        ("association-", "marked-words"),
        ("representation-", "association", "marked-words", "lexicon"),
        limits(inputs, "A link that few profiles show may be chance, and a weak one stays hidden in them."),
    )


Compared = tuple[RuleRow, RuleRow | None]
"""What an arm wrote, and the same among the people of its dataset."""


def _compared(kind: type[RuleRow], inputs: Inputs) -> list[Compared]:
    """One pair per arm under the headline prompt, for all rules together."""
    rows = [row for row in inputs.tables[kind] if (row.prompt, row.rule) == (inputs.headline_prompt.id, ANY)]
    own = {row.arm: row for row in rows if row.of == "reference"}
    return [(row, own.get(row.arm)) for row in inputs.by_arm(rows) if row.of == "generated"]


def _more_often(pairs: Sequence[Compared]) -> list[str]:
    """The arms whose interval lies above that of the dataset's people."""
    return [row.arm for row, own in pairs if own is not None and row.rate.low > own.rate.high]


def _headline(rules: Sequence[Compared], texts: Sequence[Compared]) -> str:
    arms = {row.arm for row, _ in (*rules, *texts)}
    more = {*_more_often(rules), *_more_often(texts)}
    if not arms:
        return "No rule applies to any profile"
    if more:
        verb = "contradicts itself" if len(more) == 1 else "contradict themselves"
        return f"{len(more)} of {many(len(arms), 'arm')} {verb} more often than the dataset’s people do"
    return "No arm contradicts itself more often than the dataset’s people do, as far as the draws tell"


def _broken(pairs: Sequence[Compared], key: str, words: str, inputs: Inputs) -> Iterator[str]:
    told = [
        f"{inputs.name(row.arm)} [{row.n_broken} of {row.n_applies}]({key})"
        f"{in_brackets(of_readable(row, row.n_applies))}"
        for row, _ in pairs
        if row.n_broken
    ]
    people = dict.fromkeys(percent(own.rate.rate) for _, own in pairs if own is not None)
    if pairs:
        beside = f" (of the dataset’s people: {' or '.join(people)})" if people else ""
        yield f"{words}{beside}: {'; '.join(told) or 'none of the arms'}."
    if more := _more_often(pairs):
        arms = [row.arm for row, _ in pairs]
        yield f"More often than people, beyond chance: {arms_in_words(more, arms, inputs)}."


def _examples(rules: Sequence[Compared], texts: Sequence[Compared]) -> Iterator[str]:
    """Lead to the profiles themselves; the words looked for are those of their reasons."""
    found = []
    if any(row.n_broken for row, _ in rules):
        found.append("[break a rule](completions:breaks rule)")
    if any(row.n_broken for row, _ in texts):
        found.append("[contradict a field in their text](completions:contradicts field)")
    if found:
        yield f"Read the profiles that {' or that '.join(found)}, each with its rule."


def _alike(inputs: Inputs) -> Iterator[str]:
    compared = [row for row in inputs.tables[LikenessRow] if row.band.band_high is not None]
    above = [row.arm for row in compared if row.band.is_above(row.difference)]
    if compared:
        named = f": {arms_in_words(above, [row.arm for row in compared], inputs)}" if above else ""
        yield (
            "Answers to one prompt are [more alike](likeness) than answers to different prompts, beyond "
            f"chance, in {len(above)} of {many(len(compared), 'arm')} with a null band{named}."
        )


def _linked(found: OutsideRow | None) -> str:
    if found is None:
        return "No link between two fields could be computed"
    n, is_linked = many(found.n, "pair"), "is" if found.n_outside == 1 else "are"
    if not found.n_outside:
        return f"None of {n} of fields is linked more strongly than chance allows"
    linked = f"{found.n_outside} of {n} of fields {is_linked} linked more strongly than chance allows"
    if found.n_outside <= found.n_by_chance:
        return f"{linked}, no more than chance alone gives among so many"
    return f"{linked}; chance alone gives up to about {found.n_by_chance:.0f}"


def _amplified(inputs: Inputs) -> Iterator[str]:
    if found := inputs.outside("association"):
        yield (
            f"A pair is a protected field with another one; over all arms and prompts, {found.n} have "
            f"[enough valid values](association){together(found, '; these arms gave ')}."
        )
    if found := inputs.outside("amplification"):
        yield (
            f"Compared with the dataset’s own links, [{found.n_outside} of {found.n}](amplification) "
            f"{'lies' if found.n_outside == 1 else 'lie'} outside the band of a perfect copy, where chance "
            f"puts up to about {found.n_by_chance:.0f}."
        )
