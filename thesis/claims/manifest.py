"""What claims.yaml holds: the numbers that the thesis prints, and what the results do not support."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, NonNegativeFloat, NonNegativeInt

from stages.common.comparison import BASE
from stages.common.params import Params, load_base_name, parse, read_yaml
from stages.common.phrases import many
from stages.shell.errors import UserError, mistakes
from thesis.claims.slots import NAME, OWN, names_in

CLAIMS = Path("claims.yaml")
TREES, TABLES = (".json", ".yaml"), (".csv",)

Value: TypeAlias = int | float | str
Shown: TypeAlias = Literal[
    "number", "difference", "percent", "bare_percent", "count", "word", "p", "gigabytes", "text"
]
Text: TypeAlias = Annotated[str, Field(min_length=1)]
ROUNDED = ("number", "difference", "percent", "bare_percent", "gigabytes")
"""What `decimals` may round."""


class Claim(Params):
    """A number of the thesis, where it stands in the results, and the sentence that prints it."""

    file: Text
    pointer: str | None = None
    """Into a JSON or YAML file, as RFC 6901 says: /contrasts/race-white/p; ~1 stands for a slash."""
    column: Text | None = None
    row: dict[str, str] | None = None
    """What the row of a CSV file has in its other columns, as text; a * at the end stands for any ending."""
    take: Literal["smallest", "largest", "mean", "sum", "number"] | None = None
    """What to take of several rows; `number` counts them. Without it, exactly one row must fit."""
    value: Value
    """As the file had it when the text was written; `thesis claims --update` renews it."""
    shown_as: Shown
    decimals: NonNegativeInt | None = None
    tolerance: NonNegativeFloat = 0
    """How far the file may be from `value` where someone made the results again on another machine."""
    above: float | None = None
    """The sentence is true only if the value is larger than this."""
    below: float | None = None
    """The sentence is true only if the value is smaller than this."""
    sentence: Text | None = None
    """The sentence of the thesis. {value} is this number, {another-claim} that of another claim."""

    def flaws(self) -> list[str]:
        """What does not fit together in this claim."""
        return [*self._place_flaws(), *self._value_flaws()]

    def _place_flaws(self) -> Iterator[str]:
        kind = Path(self.file).suffix
        if kind not in TREES + TABLES:
            yield f"{self.file} is no .json, .yaml or .csv file"
        elif kind in TREES and (self.pointer is None or self.column or self.row or self.take):
            yield f"a value in a {kind} file has a pointer, and no column, row or take"
        elif kind in TABLES and (self.column is None or self.pointer is not None):
            yield "a value in a .csv file has a column and no pointer"
        if self.pointer and not self.pointer.startswith("/"):
            yield f"the pointer {self.pointer!r} does not begin with /"

    def _value_flaws(self) -> Iterator[str]:
        if isinstance(self.value, str) != (self.shown_as == "text"):
            yield f"shown_as: {self.shown_as} does not go with the value {self.value!r}"
        if (self.decimals is not None) != (self.shown_as in ROUNDED):
            yield f"decimals: required with {', '.join(ROUNDED)}, and with nothing else"
        if self.shown_as == "text" and (self.tolerance, self.above, self.below) != (0, None, None):
            yield "a text has no tolerance, above or below"

    @property
    def place(self) -> str:
        """Where the value stands, in one line."""
        if self.pointer is not None:
            return f"{self.file} {self.pointer}"
        row = ", ".join(f"{key}={value}" for key, value in (self.row or {}).items())
        taken = f"{self.take} " if self.take else ""
        return f"{self.file} {taken}{self.column} where {row or 'any'}"


class Unsupported(Params):
    """A claim that readers may expect, and that these results cannot carry."""

    claim: Text
    reason: Text


class Elsewhere(Params):
    """Words of the manuscript whose numbers do not come from the results."""

    text: Text
    reason: Text


class Manifest(Params):
    """The whole of claims.yaml."""

    claims: Annotated[dict[Annotated[str, Field(pattern=f"^{NAME}$")], Claim], Field(min_length=1)]
    unsupported: list[Unsupported]
    elsewhere: list[Elsewhere]
    pages: dict[str, list[Text]]
    """Sentences of the project's own pages, with the claims whose numbers they print."""

    def flaws(self) -> list[str]:
        """What does not fit together, in all claims and sentences."""
        inside = [f"{name}: {flaw}" for name, claim in self.claims.items() for flaw in claim.flaws()]
        return [*inside, *self._unknown(), *self._unprinted(), *self._open_ended()]

    def sentences(self) -> list[tuple[str, str]]:
        """All sentences, {value} replaced by the claim's name, each with where it is written."""
        of_claims = [
            (name, (one.sentence or "").replace(OWN, f"{{{name}}}")) for name, one in self.claims.items()
        ]
        of_pages = [(page, sentence) for page, all_of_it in self.pages.items() for sentence in all_of_it]
        return [(where, sentence) for where, sentence in [*of_claims, *of_pages] if sentence]

    def _unknown(self) -> list[str]:
        return [
            f"{where}: {{{name}}} is no claim"
            for where, sentence in self.sentences()
            for name in names_in(sentence)
            if name not in self.claims
        ]

    def _unprinted(self) -> list[str]:
        printed = {name for _, sentence in self.sentences() for name in names_in(sentence)}
        return [f"{name}: no sentence prints it" for name in self.claims if name not in printed]

    def _open_ended(self) -> list[str]:
        return [
            f"{page}: {sentence!r} begins or ends with a number: add the next word"
            for page, sentences in self.pages.items()
            for sentence in sentences
            if sentence.startswith("{") or sentence.endswith("}")
        ]


def load_manifest(path: Path = CLAIMS) -> Manifest:
    """claims.yaml, checked; `<base>` becomes the name of the base model in params.yaml.

    Raises:
        UserError: lists all mistakes.
    """
    content = read_yaml(path)
    if not isinstance(content, dict):
        keys = ", ".join(Manifest.model_fields)
        raise UserError(f"{path}: has none of the keys {keys}\ngit checkout {path}, or see docs/claims.md")
    manifest = parse(Manifest, content, str(path))
    if wrong := manifest.flaws():
        raise mistakes(f"{path}: {many(len(wrong), 'mistake')}", wrong, f"Correct {path}")
    base = load_base_name()
    return manifest.model_copy(
        update={"claims": {name: _with_base(one, base) for name, one in manifest.claims.items()}}
    )


def _with_base(claim: Claim, base: str) -> Claim:
    row = claim.row and {key: value.replace(BASE, base) for key, value in claim.row.items()}
    return claim.model_copy(
        update={"pointer": claim.pointer and claim.pointer.replace(BASE, base), "row": row}
    )
