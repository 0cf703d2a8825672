"""Who appears? Each level of a protected field, against the dataset and against parity."""

from collections.abc import Iterator

from stages.common.fields import Field
from stages.common.levels import NULL, levels_of
from stages.common.tables.base import Band, Row
from stages.common.tables.bias import RepresentationRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import binomial_band, binomial_p
from stages.evaluate.intervals.rates import Tally
from stages.evaluate.values.content import is_whole


def representation(cell: Cell, study: Study) -> Iterator[Row]:
    """Every level of every protected field, but null, which is nobody's group.

    Levels are those that the schema names; if it names none, those of the reference, and without a
    reference those of the training data of all conditions: what an arm invents is no level.
    """
    if not cell.profiles:
        yield cell.left_out("representation", "no profile parsed")
        return
    if cell.reference.reason is not None:
        yield cell.left_out("representation", cell.reference.reason, contrast="dataset")
    for field in study.schema.by_role("protected"):
        if field.path in cell.prompt.given:
            yield cell.left_out("representation", "the prompt fixes it; see adherence", field.path)
        else:
            yield from _of_a_field(field, cell, study)


def _of_a_field(field: Field, cell: Cell, study: Study) -> Iterator[Row]:
    people = cell.reference.profiles
    levels = levels_of(field, people or study.everyone)
    own = [level for level in levels.known if level != NULL]
    written = [(levels.of(profile), unit) for profile, unit in cell.whole([field])]
    if not written:
        reason = f"no valid value in {len(cell.profiles)} readable profiles"
        yield cell.left_out("representation", reason, field.path)
        return
    generated, units = zip(*written, strict=True)
    dataset = [levels.of(person) for person in people if is_whole(person, [field])]
    for level in own:
        has = Tally([name == level for name in generated], units)
        if share := dataset.count(level) / max(1, len(dataset)):
            yield _row(cell, study, field.path, level, "dataset", has, share)
        elif people:
            reason = f"level {level}: nobody in the reference has it"
            yield cell.left_out("representation", reason, field.path, contrast="dataset")
        yield _row(cell, study, field.path, level, "parity", has, 1 / len(own))


def _row(
    cell: Cell, study: Study, path: str, level: str, against: str, has: Tally, share: float
) -> RepresentationRow:
    n, n_level, confidence = has.n, has.k, study.params.confidence
    size = len(cell.reference.profiles) if against == "dataset" else None
    found = has.rate(confidence)
    return RepresentationRow(
        **cell.where,
        field=path,
        level=level,
        against=against,
        n=n,
        n_level=n_level,
        share_against=share,
        ratio=n_level / n / share,
        low=found.low / share,
        high=found.high / share,
        band=_divided(binomial_band(n_level, n, share, confidence, n_reference=size), share),
        p=binomial_p(n_level, n, share, study.params.null_draws, n_reference=size),
    )


def _divided(band: Band, by: float) -> Band:
    """The band of the number divided by `by` > 0."""
    low, high = (None if end is None else end / by for end in band.ends)
    return Band(band_low=low, band_high=high, percentile=band.percentile)
