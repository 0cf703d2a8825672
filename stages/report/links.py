"""Where the links of a sentence lead: a number to its table, a word to its definition."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import get_args
from urllib.parse import quote_plus

from markupsafe import Markup, escape

from stages.common.records import ArmCondition
from stages.common.shown import visible
from stages.report.glossary import Glossary, slug
from stages.report.table import Table

LINK = re.compile(r"\[([^\[\]]+)\]\(((?:table:|figure:|completions:)?[\w *-]+)\)")
"""A link: its words, and the key of a definition, the name of a table or figure, or words to look for."""
COMPLETIONS = "completions:"
"""Begins a link to the completions in which the words after it occur."""
NOTHING: Mapping[str, str] = MappingProxyType({})
_ARM = re.compile(rf"(?<![\w/])([\w.+()-]+/)({'|'.join(get_args(ArmCondition))})(?![\w/-])")


class Links:
    """The places on the page to which sentences link."""

    def __init__(
        self,
        glossary: Glossary,
        tables: Sequence[Table] = (),
        captions: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`captions` are those of the figures, by name."""
        self.glossary = glossary
        self._named = {f"table:{table.name}": f"table-{table.name}" for table in tables}
        self._named |= {f"figure:{name}": f"figure-{name}" for name in captions}
        of_figures = [
            (key, f"figure-{name}") for name, said in captions.items() for _, key in re.findall(LINK, said)
        ]
        of_tables = [(column.key, f"table-{table.name}") for table in tables for column in table.columns]
        self._by_key = dict(reversed([*of_tables, *of_figures]))

    def linked(self, text: str) -> Markup:
        """A sentence as HTML; names of arms break at /.

        >>> str(Links(Glossary([])).linked("[8 of 10](validity) <fit>"))
        '<a class="define" href="#glossary">8 of 10</a> &lt;fit&gt;'
        """
        html = re.sub(
            _ARM, r'<span class="part">\1</span><span class="part">\2</span>', str(escape(visible(text)))
        )
        return Markup(re.sub(LINK, lambda found: self._link(found[1], found[2]), html))

    def _link(self, words: str, key: str) -> str:
        if key.startswith(COMPLETIONS):
            return f'<a href="#completions?words={quote_plus(key.removeprefix(COMPLETIONS))}">{words}</a>'
        if ":" in key:
            place = self._named.get(key)
            return f'<a href="#{place}">{words}</a>' if place else words
        if re.search(r"\d|^None", words) and key in self._by_key:
            return f'<a href="#{self._by_key[key]}">{words}</a>'
        return f'<a class="define" href="#{self.glossary.anchor(key)}">{words}</a>'


def plain(text: str) -> str:
    """A sentence without its links.

    >>> plain("[3](contrasts) of them")
    '3 of them'
    """
    return re.sub(LINK, r"\1", text)


def prompt_of(name: str, prompts: Sequence[str]) -> str:
    """The prompt at the end of the name of a figure or table; "" if it belongs to none.

    >>> prompt_of("shares-race-aged-34", ["34", "aged-34"]), prompt_of("losses", ["34"])
    ('aged-34', '')
    """
    ends = [prompt for prompt in prompts if name.endswith(f"-{slug(prompt)}")]
    return max(ends, key=len, default="")
