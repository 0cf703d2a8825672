"""A column of the page: what one arm has written so far, then its cards. All text is escaped."""

from dataclasses import dataclass, field

from jinja2 import Environment, PackageLoader, StrictUndefined

from stages.common.cards import ENDED_WORDS
from stages.common.shown import in_template
from stages.generate.arms import Arm
from thesis.ask.answers import Answer
from thesis.ask.labels import label_of

_TEMPLATES = Environment(
    loader=PackageLoader("thesis.ask.web", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=in_template,
)


@dataclass
class Column:
    """One arm on the page."""

    arm: Arm
    texts: list[str] = field(default_factory=list)
    """Texts so far, by draw."""
    answers: list[Answer] = field(default_factory=list)
    """Answers, once all draws have ended."""

    def html(self, is_running: bool = False) -> str:
        """HTML of the column."""
        template = _TEMPLATES.get_template("column.jinja")
        return template.render(
            column=self, label=label_of(self.arm), is_running=is_running, ended_words=ENDED_WORDS
        )
