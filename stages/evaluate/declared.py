"""The contrasts that params.yaml declares."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeAlias

from pydantic import Field, model_validator

from stages.common.comparison import BASE
from stages.common.levels import label, levels_of
from stages.common.params import PARAMS, Params
from stages.common.prompts import AskedPrompt
from stages.common.records import CONDITIONS
from stages.common.schema import ProfileSchema
from stages.evaluate.references import Training
from stages.shell.errors import mistakes

ARM = rf"^({BASE}(\+shots|\+lora)?|[^/<>\s]+)/(original|augmented|none)$"
MAX_DECLARED = 8

Statistic: TypeAlias = Literal["share", "mean", "valid", "rules_broken", "copies", "variety", "association"]
_OF_FIELDS: dict[str, set[str]] = {
    "share": {"field", "level"},
    "mean": {"field"},
    "association": {"field", "attribute"},
}


class Contrast(Params):
    """A statistic compared between two arms under one prompt."""

    id: str = Field(pattern=r"^[\w-]+$")
    arm_a: str = Field(pattern=ARM)
    """The arm that the other is compared with; `<base>` stands for the base's name."""
    arm_b: str = Field(pattern=ARM)
    """Differences are b - a."""
    prompt: str
    """The id of an asked prompt."""
    statistic: Statistic
    field: str | None = None
    """A dotted path, for `share`, `mean` and `association` only."""
    level: str | bool | int | float | tuple[Any, ...] | None = None
    """The level whose share is compared, for `share` only; a whole list if the field holds lists."""
    attribute: str | None = None
    """The second field of `association`."""
    primary: bool = False
    """The one contrast that the study is about."""
    calibration_only: bool = False
    """Left untested among the headline's few draws; the calibration study tests it."""

    @model_validator(mode="after")
    def _keys_fit_the_statistic(self) -> "Contrast":
        found = {key for key in ("field", "level", "attribute") if getattr(self, key) is not None}
        needed = _OF_FIELDS.get(self.statistic, set())
        if found != needed:
            wants = " and ".join(sorted(needed, reverse=True)) or "no field"
            raise ValueError(f"contrast {self.id}: the statistic {self.statistic} needs {wants}")
        if self.statistic == "association" and not self.calibration_only:
            raise ValueError(f"contrast {self.id}: an association needs calibration_only: true (n = 200)")
        return self

    @property
    def about(self) -> tuple[str, str]:
        """Field and level (for an association, the second field) as tables show them; "" if there is none."""
        shown = label(self.level) if self.level is not None else self.attribute
        return self.field or "", shown or ""


def checked(contrasts: list[Contrast]) -> list[Contrast]:
    """The list itself; ValueError unless ids differ and exactly one is primary (an empty list has none)."""
    ids = [contrast.id for contrast in contrasts]
    if len(set(ids)) < len(ids):
        raise ValueError(f"duplicate id of contrasts: {', '.join(ids)}; rename one")
    primary = [contrast.id for contrast in contrasts if contrast.primary]
    if contrasts and len(primary) != 1:
        raise ValueError(f"exactly one contrast must be primary: true, not {len(primary)}")
    return contrasts


def filled(contrasts: Sequence[Contrast], base: str) -> list[Contrast]:
    """The contrasts with the base's name in place of `<base>`."""
    return [
        contrast.model_copy(
            update={key: getattr(contrast, key).replace(BASE, base) for key in ("arm_a", "arm_b")}
        )
        for contrast in contrasts
    ]


def check(
    contrasts: Sequence[Contrast], schema: ProfileSchema, prompts: Sequence[AskedPrompt], training: Training
) -> None:
    """Check that prompts, fields and levels exist.

    Raises:
        UserError: lists all that do not.
    """
    found = [
        f"{contrast.id}: {line}"
        for contrast in contrasts
        for line in _wrong(contrast, schema, prompts, training)
    ]
    if found:
        head = f"{PARAMS}: evaluate.contrasts: {len(found)} mistake{'s' * (len(found) > 1)}"
        raise mistakes(head, found, f"Fix them in {PARAMS}")


def _wrong(
    contrast: Contrast, schema: ProfileSchema, prompts: Sequence[AskedPrompt], training: Training
) -> Iterator[str]:
    ids = [prompt.id for prompt in prompts]
    if contrast.prompt not in ids:
        yield f"prompt {contrast.prompt}: not asked; there are: {', '.join(ids)}"
    roles = ("number",) if contrast.statistic == "mean" else ("protected", "attribute")
    roles = (*roles, "number") if contrast.statistic == "association" else roles
    for path in filter(None, (contrast.field, contrast.attribute)):
        field = schema.field(path)
        if field is None or field.role not in roles:
            there = [field.path for field in schema.fields if field.role in roles]
            yield f"field {path}: {contrast.statistic} needs one of: {', '.join(there)}"
        elif contrast.level is not None:
            known = levels_of(field, [profile for name in CONDITIONS for profile in training[name]]).known
            if label(contrast.level) not in known:
                hint = "; YAML reads yes and no as true and false: quote them" * isinstance(
                    contrast.level, bool
                )
                yield f"level {label(contrast.level)} of {path}: there are: {', '.join(known)}{hint}"
