"""Draw answers with rich: columns, cards, marks. What models wrote is text, never markup."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from stages.common.cards import ENDED_WORDS, Fact
from stages.common.look import COLORS, VERDICT_SYMBOLS, arm_name, symbol
from stages.common.shown import visible
from stages.common.verdicts import VERDICT_WORDS
from stages.generate.arms import Arm
from thesis.ask.answers import Answer
from thesis.ask.card import Card
from thesis.ask.folding import TAB, Raw, folded

MIN_COLUMN = 26
"""Least characters of a column; narrower ones stand one below the other."""
MARKS = {
    "": ("", ""),
    "null": ("", "dim"),
    "missing": ("— ", "red"),
    "wrong": ("✗ ", "red"),
    "unknown": ("? ", "yellow"),
}
UNLIKE = "≠ "
KEY = {
    "unlike": f"{UNLIKE}not what most arms wrote",
    "missing": "— missing",
    "wrong": "✗ does not fit the schema",
    "unknown": "? not in the schema",
}
"""What the marks before values mean."""
HEAD_LINES, TAIL_LINES, MAX_SHOWN = 4, 4, 600
"""Lines of a prompt's beginning and of its end, and characters of either."""


def column_width(n_columns: int, width: int) -> int:
    """Characters of a column: the whole width if columns would be too narrow."""
    return width // n_columns if width >= MIN_COLUMN * n_columns else width


def side_by_side(cells: Sequence[RenderableType], width: int) -> RenderableType:
    """Arrange in columns of one width, or one below the other if they would be too narrow."""
    if column_width(len(cells), width) == width:
        return Group(*cells)
    table = Table.grid(expand=True)
    for _ in cells:
        table.add_column(ratio=1, overflow="fold")
    table.add_row(*cells)
    return table


def prompt_view(text: str) -> RenderableType:
    """The prompt as it is asked; only the beginning and the end of a long one."""
    whole = visible(text)
    lines = whole.splitlines()
    head, tail = (
        "\n".join(lines[:HEAD_LINES])[:MAX_SHOWN],
        "\n".join(lines[HEAD_LINES:][-TAIL_LINES:])[-MAX_SHOWN:],
    )
    shown = Text(head)
    if len(head) + len(tail) + 1 < len(whole):
        shown.append(f"\n… ({len(text):,} characters in total)", "dim")
    if tail:
        shown.append(f"\n{tail}")
    return Panel(shown, title=Text("prompt", "bold"), title_align="left")


def column_title(arm: Arm, base: str) -> Text:
    """The arm's symbol, in the color of its dataset, and its name."""
    color = "" if arm.condition == "none" else COLORS[arm.condition]
    return Text.assemble((symbol(arm.name, base), color), (f" {arm_name(arm.name, base)}", "bold"))


def live_view(
    texts: Mapping[str, Sequence[str]], arms: Sequence[Arm], base: str, width: int, height: int
) -> RenderableType:
    """The ends of all texts so far, as much as fits the window."""
    inner = column_width(len(arms), width)
    rows = max(1, (height if inner < width else height // len(arms)) - 3)
    ends = [_ends(texts.get(arm.name, ()), inner - 4, rows) for arm in arms]
    tallest = max(map(len, ends))
    cells = [
        Panel(Text("\n".join(lines)), title=column_title(arm, base), title_align="left", height=tallest + 2)
        for arm, lines in zip(arms, ends, strict=True)
    ]
    return side_by_side(cells, width)


def unlike(facts: Sequence[Sequence[Fact]]) -> set[Fact]:
    """Facts of cards that at most half of the cards share, if there are several cards.

    >>> [a, b] = (Fact("age", age, "") for age in ("3", "4"))
    >>> [len(unlike([[a], [b]])), unlike([[a], [a]]), [one.value for one in unlike([[a], [a], [b]])]]
    [2, set(), ['4']]
    """
    there = [card for card in facts if card]
    counts = Counter(fact for card in there for fact in card)
    return {fact for fact, n in counts.items() if len(there) > 1 and 2 * n <= len(there)}


def answer_view(answer: Answer, width: int, marked: Container[Fact] = ()) -> RenderableType:
    """The card and the raw text, side by side if there is room."""
    card, raw = card_view(answer.card, marked), raw_view(answer)
    inner = width - 4
    body = side_by_side([card, raw], inner) if inner >= 4 * MIN_COLUMN else Group(card, Text(), raw)
    return Panel(body, title=column_title(answer.arm, answer.base), title_align="left")


def card_view(card: Card, marked: Container[Fact] = ()) -> RenderableType:
    """Fields and values line by line, then what is wrong."""
    table = Table.grid(padding=(0, 1))
    table.add_column(style="cyan", overflow="fold")
    table.add_column(overflow="fold")
    for fact in card.facts:
        table.add_row(Text(fact.path), _value(fact, fact in marked))
    lines = [_verdict(card)]
    lines += [Text(f"• {reason}", "yellow") for reason in card.reasons]
    return Group(*([table] if card.facts else []), *lines)


def raw_view(answer: Answer) -> RenderableType:
    """The text itself, letter for letter, and how it ended."""
    drawn = answer.drawn
    ended = f"{drawn.n_tokens} tokens, {ENDED_WORDS[drawn.ended]}"
    return Group(Raw(drawn.text), Text(ended, "dim"))


def _verdict(card: Card) -> Text:
    """The verdict; what it means, if no remark tells more."""
    style = "green" if card.fits else "yellow" if card.read.valid else "red"
    words = Text.assemble((f"{VERDICT_SYMBOLS[card.verdict]} ", style), (card.verdict, "bold"))
    return words if card.reasons else words.append(f": {VERDICT_WORDS[card.verdict]}", "dim")


def _value(fact: Fact, is_unlike: bool) -> Text:
    mark, style = MARKS[fact.state]
    if is_unlike:
        mark, style = f"{UNLIKE}{mark}", f"{style} bold"
    return Text(f"{mark}{'' if fact.state == 'missing' else fact.value}".strip() or '""', style)


def _ends(texts: Sequence[str], width: int, rows: int) -> list[str]:
    """The last lines of each text, `rows` in total."""
    shown = list(texts)[:rows]
    each = max(1, rows // max(1, len(shown)))
    return [line for text in shown for line in _tail(text, max(1, width), each)] or [""]


def _tail(text: str, width: int, rows: int) -> list[str]:
    """The last lines of a text, folded at `width`."""
    return folded(visible(text).expandtabs(TAB), width)[-rows:]
