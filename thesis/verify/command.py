"""The command `thesis verify`."""

from pathlib import Path
from typing import Annotated

import typer

Tiers = Annotated[
    list[int] | None,
    typer.Option("--tier", min=1, max=5, help="A further tier, 2 to 5; repeat the option for several."),
]
Dice = Annotated[
    int | None, typer.Option(min=0, help="Your own number, which seeds the new draws of tier 4.")
]
Key = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="The author's public key, to verify the signature."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]
Receipt = Annotated[
    bool, typer.Option("--receipt", help="Also write what was verified, where and how, as JSON.")
]


def verify(
    tier: Tiers = None,
    dice: Dice = None,
    key: Key = None,
    as_json: AsJson = False,
    receipt: Receipt = False,
) -> None:
    """Check the artifacts: expected, got, same. Nothing of the project is changed.

    Tier 1 (seconds) always runs: do files, hashes, params, seeds and rows belong together?
    Tier 2 (minutes) makes the numbers again from the artifacts, without weights.
    Tier 3 checks every recorded token in one pass, tier 4 draws anew with your own number (--dice),
    tier 5 trains again. Each says before it starts how long it takes.

    Ends with 0 if everything is the same, 1 if something differs, 2 if something could not be checked.

    \b
    Example:
      thesis verify
      thesis verify --tier 2 --receipt
      thesis verify --tier 3 --tier 4 --dice 20261128
      thesis verify --json > verified.json
    """
    from thesis.verify.running import run_verify  # lazily: `thesis --help` is quick
    from thesis.verify.tiers import DICE, Options

    numbers = tier or []
    if DICE in numbers and dice is None:
        raise typer.BadParameter("tier 4 needs a number of your own", param_hint="--dice")
    raise typer.Exit(run_verify(numbers, Options(dice, key), as_json=as_json, receipt=receipt))
