"""Pairs of many fields are those that a study of bias is about."""

import numpy as np

from stages.common.fields import Field, Role
from stages.evaluate.fidelity.joint import pairs_of
from stages.evaluate.values.coding import Coded


def coded(role: Role, i: int) -> Coded:
    none = np.zeros(1, dtype=np.intp)
    return Coded(Field(f"{role}-{i}", role, ("string",), (), True, {}), 2, none, none)


def fields(n_protected: int, n_others: int) -> list[Coded]:
    protected = [coded("protected", i) for i in range(n_protected)]
    return [*protected, *(coded("attribute", i) for i in range(n_others))]


def test_all_pairs_of_few_fields() -> None:
    pairs, n_left_out = pairs_of(fields(2, 30))  # 32 * 31 / 2
    assert (len(pairs), n_left_out) == (496, 0)


def test_of_many_those_with_a_protected_field() -> None:
    pairs, n_left_out = pairs_of(fields(3, 121))  # 3 * 121 + 3 of 124 * 123 / 2 = 7626
    assert (len(pairs), n_left_out) == (366, 7260)
    assert all(pair[0].field.role == "protected" for pair in pairs)
