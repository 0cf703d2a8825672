"""One verdict per completion, from what `evaluate` read."""

import pytest

from stages.common.evaluated import EvaluatedProfile
from stages.common.verdicts import AROUND, FIRST_TAKEN, verdict_of


@pytest.mark.parametrize(
    ("status", "profile", "notes", "violations", "verdict"),
    [
        ("strict", {}, [], [], "fits"),
        ("strict", {}, [], ["age: 'age' is a required property"], "does not fit"),
        ("repaired", {}, [AROUND], [], "fits, with extra text"),
        ("repaired", {}, [f"2 {FIRST_TAKEN}", AROUND], [], "fits, with extra text"),
        ("repaired", {}, ["not JSON: a comma", AROUND], [], "repaired"),
        ("repaired", {}, [AROUND], ["age: -1 is less than the minimum of 0"], "does not fit"),
        ("invalid", None, ["the object never closes"], [], "does not fit"),
        ("refused", None, ["refuses: I cannot"], [], "refused"),
        ("empty", None, [], [], "empty"),
    ],
)
def test_verdict(status, profile, notes, violations, verdict):
    read = EvaluatedProfile(
        arm="tiny/none",
        prompt_id="free",
        draw=1,
        status=status,
        profile=profile,
        notes=notes,
        violations=violations,
        broken_rules=["any"],  # a broken rule is a remark, not a verdict
        broken_text_rules=[],
    )
    assert verdict_of(read) == verdict
