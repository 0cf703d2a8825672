"""Compare prompting with fine-tuning: what the answers of chats show beside the tuned arms."""

from collections.abc import Iterator, Sequence

from stages.common.comparison import is_tuned, source_of
from stages.common.phrases import many
from stages.common.tables.fidelity import DistributionRow
from stages.common.tables.format import ConversationRow, ValidityRow
from stages.common.tables.variety import DifferentNumbersRow, DiversityRow
from stages.report.conversations import of_conversations
from stages.report.inputs import Inputs
from stages.report.joined import Varied, varieties
from stages.report.numbers import listed, percent, rounded
from stages.report.tables.collected import other_interfaces


def prompting(inputs: Inputs) -> Iterator[str | list[str]]:
    """Say what chats and tuned arms wrote under the headline prompt; nothing without chats."""
    chats, tuned = prompted(inputs), [arm for arm in inputs.arms if is_tuned(arm)]
    rows = {row.arm: row for row in inputs.tables[ValidityRow] if row.prompt == inputs.headline_prompt.id}
    told = [rows[arm] for arm in (*chats, *tuned) if arm in rows]
    if not any(row.arm in chats for row in told):
        return
    if others := other_interfaces(inputs):
        yield (
            f"The answers of {listed(others)} were not given on a web page, as the name says: they do not "
            "show what the page would answer."
        )
    yield (
        f"Under the prompt {inputs.headline_prompt.id}, chats and tuned arms wrote the following. Brackets "
        "hold the null band: what equally few people of the arm’s dataset (the original, if it was shown "
        "none) would give."
    )
    yield [" ".join(_arm(row, inputs)) for row in told]
    yield from less_varied(inputs)
    yield from _confounded(tuned, inputs)
    prompt = inputs.headline_prompt.id
    answers = [row for row in inputs.tables[ConversationRow] if row.prompt == prompt and row.arm in chats]
    most = max(answers, key=lambda row: row.n_conversations)
    yield (
        f"By chance alone, one number in {inputs.one_in} lies outside its null band. So few answers show "
        f"only what is frequent: what none of {many(most.n_conversations, 'independent answer')} shows "
        f"may still be true of up to {percent(most.unseen_high)} of all that the arm would give."
    )


def _confounded(tuned: Sequence[str], inputs: Inputs) -> Iterator[str]:
    """Say what else differs between a chat and a tuned arm than how they learned about the data."""
    shown = [arm for arm in inputs.arms if source_of(arm) == f"{inputs.base}+shots"]
    same = ""
    if shown:
        wrote = "was written" if len(shown) == 1 else "were written"
        same = f" {listed(shown)} {wrote} by the base of the tuned arms, prompted with examples."
    if tuned:
        yield (
            "A chat and a tuned arm are different models: a difference between them may come from the model, "
            f"its size or its settings rather than from prompting or tuning.{same}"
        )


def less_varied(inputs: Inputs) -> Iterator[str]:
    """Say how many chats and tuned arms vary less than equally few people; nothing without chats."""
    chats = prompted(inputs)
    rows = [one for one in _variety(inputs) if one.band.band_low is not None]
    kinds = {
        "prompted chats": [one for one in rows if one.row.arm in chats],
        "tuned arms": [one for one in rows if is_tuned(one.row.arm)],
    }
    if kinds["prompted chats"]:
        counts = [
            f"[{len(_below(among))} of {len(among)}](variety) {kind}"
            for kind, among in kinds.items()
            if among
        ]
        yield (
            f"The profiles vary less than equally few people of the dataset (Vendi score below its null "
            f"band, prompt {inputs.headline_prompt.id}) in {listed(counts)}."
        )


def _below(among: Sequence[Varied]) -> list[Varied]:
    return [one for one in among if one.band.is_below(one.row.value)]


def prompted(inputs: Inputs) -> list[str]:
    """The arms of chats that the study asks; draws made in `thesis ask` do not count."""
    return list(dict.fromkeys(row.arm for row in inputs.collected if row.source in inputs.expected))


def _arm(row: ValidityRow, inputs: Inputs) -> Iterator[str]:
    hanging = f" ({of_conversations(row)}, so without null bands)" if row.n_conversations < row.n else ""
    yield f"{row.arm}: [{row.n_valid} of {row.n}](validity) fit the schema{hanging}."
    here, given = (row.arm, row.prompt), inputs.headline_prompt.given
    for found in inputs.tables[DiversityRow]:
        if found.key == here:
            different = (
                f"[{found.n_distinct} of {many(found.n, 'readable profile')}](diversity) are different"
            )
            yield f"{different}{_varied(here, found.n, inputs)}."
    few = [
        f"{one.field}, [{one.n_different} in {one.n}](different_numbers) ({one.band.band_low:.0f} to "
        f"{one.band.band_high:.0f}), with {one.most_frequent:g} in {one.n_most_frequent} of them"
        for one in inputs.tables[DifferentNumbersRow]
        if one.key == here and one.band.is_below(one.n_different) and one.field not in given
    ]
    if few:
        yield f"Few different numbers: {'; '.join(few)}."
    yield from _alike(
        [one for one in inputs.tables[DistributionRow] if one.key == here and one.variable not in given]
    )


def _varied(here: tuple[str, str], n_readable: int, inputs: Inputs) -> str:
    """The Vendi score in words, with its own n if it leaves out readable profiles."""
    found = next((one for one in _variety(inputs) if one.row.key == here), None)
    if found is None:
        return ""
    of = "" if found.row.n == n_readable else f" of {many(found.row.n, 'valid profile')}"
    said = f"; Vendi score{of} [{rounded(found.row.value)}](variety)"
    low, high = found.band.ends
    return said if low is None or high is None else f"{said} ({rounded(low)} to {rounded(high)})"


def _alike(rows: Sequence[DistributionRow]) -> Iterator[str]:
    """Name the levels that all profiles have, and those of them that lie above their null band."""
    same = [row for row in rows if row.n > 1 and round(row.share_generated, 9) == 1]
    if not same:
        return
    by_n: dict[int, list[str]] = {}
    for row in same:
        by_n.setdefault(row.n, []).append(f"{row.variable} = {row.level}")
    levels = "; ".join(f"[all {n}](distributions) have {listed(among)}" for n, among in by_n.items())
    beyond = [row for row in same if row.band_high is not None and row.share_generated > row.band_high]
    shares = listed([f"{row.variable} ({percent(row.share_reference)} of the dataset)" for row in beyond])
    outside = f"; above the null band: {shares}" if beyond else ""
    yield f"Of the profiles with a valid value, {levels}{outside}."


def _variety(inputs: Inputs) -> list[Varied]:
    prompt = inputs.headline_prompt.id
    found = varieties(inputs.tables)
    return [one for one in found if (one.row.prompt, one.row.measure) == (prompt, "vendi_score")]
