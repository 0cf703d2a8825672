"""A verdict rests on what was compared."""

import pytest

from thesis.verify.findings import Finding, Tier, unchecked
from thesis.verify.outcome import Outcome, proved

SAME = Finding("files", "a", "1", "1", True)
NOTE = Finding("versions", "a", "1", "2", False, is_note=True)
WRONG = Finding("files", "a", "1", "2", False)
OPEN = unchecked("files", "a", "not there")
TIER = Tier(2, "t?", "seconds", ["It holds."], [], lambda root: iter(()))


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ([SAME], "same"),
        ([SAME, NOTE], "same"),
        ([SAME, OPEN], "not checked"),
        ([SAME, OPEN, WRONG], "differs"),
        ([NOTE], "not checked"),
        ([], "not checked"),
    ],
)
def test_nothing_compared_proves_nothing(findings: list[Finding], verdict: str) -> None:
    outcome = Outcome(TIER, findings, 1.0)
    assert outcome.verdict == verdict
    assert proved([outcome]) == (["It holds."] if verdict == "same" else [])
