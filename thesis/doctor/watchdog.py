"""Passes so long that macOS may end them on Apple's GPU, where it also draws the screen.

macOS ends work that keeps a lit display waiting ("Impacting Interactivity"). No limit of Apple's was found:
users of other programs saw 5 seconds and more for one command buffer (exo-explore/exo, pull request 1620),
and on some Macs a single large product was too long (tracel-ai/cubecl, issue 1523). Torch submits a command
buffer when the memory becomes short or a result is waited for (MPSStream.mm); in between, Apple's own library
may submit it in parts by a rule that is not public. So a whole pass is the most that one buffer holds.
"""

from collections.abc import Mapping

from thesis.doctor.findings import Finding, ok, warning

LIMIT_SECONDS = 5.0
"""The shortest limit that was reported."""
NEAR = 0.4
"""Share of it from which on a pass is near: its time is an estimate, and other programs use the GPU too."""
SCREEN_OFF = (
    "start with caffeinate -s (not -d, which keeps the display on) and let the display go dark: "
    "pmset displaysleepnow, or close the lid if the Mac stays awake and no other display is lit"
)


def judge(passes: Mapping[str, float]) -> list[Finding]:
    """One line for all passes if they are short, else one for each that is near the limit.

    Args:
        passes: seconds on the GPU by the parameter that a pass grows with.
    """
    long = {name: seconds for name, seconds in passes.items() if seconds >= NEAR * LIMIT_SECONDS}
    listed = ", ".join(f"{seconds:.1f} s ({name})" for name, seconds in passes.items())
    if passes and not long:
        return [ok(f"one pass on the GPU takes about {listed}: macOS may end some of {LIMIT_SECONDS:.0f} s")]
    return [
        warning(
            f"one pass on the GPU takes about {seconds:.1f} s: macOS may end some of {LIMIT_SECONDS:.0f} s "
            "while a display is lit",
            f"Halve {name} in params.yaml, or {SCREEN_OFF}",
        )
        for name, seconds in long.items()
    ]
