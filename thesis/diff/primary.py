"""Both sides of the primary contrast, with the interval that a table gives each arm alone."""

from collections.abc import Callable, Iterator, Mapping

from stages.common.tables.bias import RepresentationRow
from stages.common.tables.contrasts import ContrastRow
from stages.common.tables.format import ANY, RuleRow, ValidityRow
from thesis.diff.tables import InTable, Tables, in_table


def sides_of_primary(tables: Tables) -> Iterator[tuple[str, InTable]]:
    """The keys `primary.a` and `primary.b`; nothing for a statistic that no table has for one arm."""
    for row in tables[ContrastRow]:
        if row.primary and (of_arm := OF_STATISTIC.get(row.statistic)):
            for key, arm in (("a", row.arm_a), ("b", row.arm_b)):
                if found := next(of_arm(tables, row, arm), None):
                    yield f"primary.{key}", found


def _share(tables: Tables, contrast: ContrastRow, arm: str) -> Iterator[InTable]:
    """A share is the ratio of representation.csv times the share that it was divided by."""
    asked = (arm, contrast.prompt, contrast.field, contrast.level)
    for row in tables[RepresentationRow]:
        if (row.arm, row.prompt, row.field, row.level) == asked:
            value, low, high = (one * row.share_against for one in (row.ratio, row.low, row.high))
            yield InTable(value, low, high, row.n)


def _valid(tables: Tables, contrast: ContrastRow, arm: str) -> Iterator[InTable]:
    for row in tables[ValidityRow]:
        if row.key == (arm, contrast.prompt):
            yield in_table(row.rate, row.n)


def _rules_broken(tables: Tables, contrast: ContrastRow, arm: str) -> Iterator[InTable]:
    for row in tables[RuleRow]:
        if (*row.key, row.rule, row.of) == (arm, contrast.prompt, ANY, "generated"):
            yield in_table(row.rate, row.n_applies)


OF_STATISTIC: Mapping[str, Callable[[Tables, ContrastRow, str], Iterator[InTable]]] = {
    "share": _share,
    "valid": _valid,
    "rules_broken": _rules_broken,
}
"""Statistics of a contrast that a table has, with an interval, for one arm alone."""
