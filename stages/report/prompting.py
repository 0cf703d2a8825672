"""Prompted or fine-tuned: what the answers of chats show beside the tuned arms."""

from collections.abc import Iterator, Mapping, Sequence

from stages.common.comparison import is_tuned, source_of
from stages.common.look import writer_name
from stages.common.phrases import many
from stages.common.tables.fidelity import DistributionRow
from stages.common.tables.format import ConversationRow
from stages.report.caveats import Said
from stages.report.inputs import Inputs
from stages.report.numbers import listed, percent
from stages.report.screen import Screen, limits
from stages.report.tables.collected import other_interfaces
from stages.report.written import asked

Same = Mapping[str, Sequence[DistributionRow]]
"""By arm: the levels that all its profiles have, more often than chance allows a copy of the dataset."""


def prompting_screen(inputs: Inputs) -> Screen:
    """Compare the chats and tuned arms that were asked the headline prompt; empty without chats."""
    same = _same(inputs)
    if not any(arm in prompted(inputs) for arm in same):
        return Screen("prompting", QUESTION, "No chat was asked", pictures=("all-arms",))
    return Screen(
        "prompting", QUESTION, _headline(same, inputs), [*_sentences(same, inputs)], ("all-arms",), (),
        limits(inputs, *_interfaces(inputs), *_confounded(inputs), *_unseen(inputs)),
    )  # fmt: skip


QUESTION = "Prompted or fine-tuned: what differs?"


def prompted(inputs: Inputs) -> list[str]:
    """The arms of chats that the study asks; draws made in `thesis ask` do not count."""
    return list(dict.fromkeys(row.arm for row in inputs.collected if row.source in inputs.expected))


def _same(inputs: Inputs) -> Same:
    chats, given = prompted(inputs), inputs.headline_prompt.given
    arms = [row.arm for row in asked(inputs) if row.arm in chats or is_tuned(row.arm)]
    rows = [row for row in inputs.tables[DistributionRow] if row.prompt == inputs.headline_prompt.id]
    rows = [row for row in rows if row.variable not in given and row.n > 1]
    whole = [row for row in rows if round(row.share_generated, 9) == 1]
    beyond = [row for row in whole if row.band_high is not None and row.share_generated > row.band_high]
    return {arm: [row for row in beyond if row.arm == arm] for arm in arms}


def _headline(same: Same, inputs: Inputs) -> str:
    kinds = {
        "the chats": [len(rows) for arm, rows in same.items() if not is_tuned(arm)],
        "the tuned arms": [len(rows) for arm, rows in same.items() if is_tuned(arm)],
    }
    most = {kind: max(counts) for kind, counts in kinds.items() if counts}
    if not any(most.values()):
        return "No chat and no tuned arm gives all its profiles the same value beyond chance"
    fields = {kind: f"up to {many(n, 'field')}" if n else "no field" for kind, n in most.items()}
    told = [f"in {words} for {kind}" for kind, words in fields.items()]
    return f"All profiles of one arm have the same value, beyond chance, {', '.join(told)}"


def _sentences(same: Same, inputs: Inputs) -> Iterator[Said]:
    points = [
        f"{inputs.name(arm)}: [all {rows[0].n}](distributions) have {listed([_level(row) for row in rows])}."
        for arm, rows in same.items()
        if rows
    ]
    if points:
        yield f"Prompt {inputs.headline_prompt.id}; in brackets, the level’s share in the arm’s dataset:"
        yield points


def _level(row: DistributionRow) -> str:
    return f"{row.variable} = {row.level} ({percent(row.share_reference)})"


def _interfaces(inputs: Inputs) -> Iterator[str]:
    others = [arm for arm in prompted(inputs) if source_of(arm) in other_interfaces(inputs)]
    if others:
        names = list(dict.fromkeys(writer_name(arm, inputs.base) for arm in others))
        yield (
            f"{listed(names)} {'was' if len(names) == 1 else 'were'} not asked on a web page: these answers "
            "do not show what the page would answer."
        )


def _confounded(inputs: Inputs) -> Iterator[str]:
    if any(is_tuned(arm) for arm in inputs.arms):
        yield (
            "A chat and a tuned arm are different models: a difference between them may come from the model, "
            "its size or its settings rather than from prompting or tuning."
        )


def _unseen(inputs: Inputs) -> Iterator[str]:
    prompt, chats = inputs.headline_prompt.id, prompted(inputs)
    answers = [row for row in inputs.tables[ConversationRow] if row.prompt == prompt and row.arm in chats]
    for most in sorted(answers, key=lambda row: -row.n_conversations)[:1]:
        yield (
            f"What none of {many(most.n_conversations, 'independent answer')} shows may still be true of up "
            f"to {percent(most.unseen_high)} of all that the arm would give."
        )
