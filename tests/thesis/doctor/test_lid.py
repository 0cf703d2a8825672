"""Whether a computer stays awake."""

from dataclasses import replace

import pytest

from thesis.doctor.lid import Power, held_awake, judge

MACBOOK = Power("Darwin", battery=True, plugged=True, held_awake=False, can_inhibit=False)
LAPTOP = Power("Linux", battery=True, plugged=True, held_awake=False, can_inhibit=True)
ASSERTIONS = """Assertion status system-wide:
   UserIsActive                   1
   PreventUserIdleSystemSleep     1
   PreventSystemSleep             {}
"""


@pytest.mark.parametrize(
    ("power", "word", "part"),
    [
        (MACBOOK, "ok", "caffeinate -s make repro"),
        (replace(MACBOOK, held_awake=True), "ok", "held awake"),
        (replace(MACBOOK, plugged=False), "warning", "on battery"),
        (replace(MACBOOK, plugged=False, held_awake=True), "warning", "on battery"),
        (replace(LAPTOP, battery=False), "ok", "no lid"),
        (LAPTOP, "ok", "systemd-inhibit"),
        (replace(LAPTOP, can_inhibit=False), "warning", "sleeps"),
        (replace(LAPTOP, plugged=False), "warning", "on battery"),
    ],
)
def test_power(power, word, part):
    (only,) = judge(power)
    assert only.word == word
    assert part in only.found


def test_only_what_holds_the_whole_system_counts():
    assert held_awake(ASSERTIONS.format(1))
    assert not held_awake(ASSERTIONS.format(0))
    assert not held_awake("")
