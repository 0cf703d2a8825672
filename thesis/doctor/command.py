"""The command `thesis doctor`."""

from typing import Annotated

import typer

from stages.common.shown import json_shown

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]
Measure = Annotated[
    bool,
    typer.Option(
        "--measure/--no-measure",
        help="Time a small model for a few seconds, and compare the device's numbers with the CPU's.",
    ),
]


def doctor(as_json: AsJson = False, measure: Measure = True) -> None:
    """Check machine, data and params before a long run; ends with code 1 if there is a problem.

    Nothing is changed, fetched or written. Each line is ok, a warning or a problem, with what to do.

    Example:

      thesis doctor

      thesis doctor --no-measure

      thesis doctor --json > doctor.json
    """
    from rich.console import Console

    out = Console(highlight=False)
    # one console erases the spinner before it prints a line; two consoles on one screen cannot
    with (out if out.is_terminal else Console(stderr=True)).status("looking …") as status:
        from thesis.doctor import findings
        from thesis.doctor.examination import examined
        from thesis.doctor.project import Project

        topics = []
        for topic in examined(
            Project(measure, status.update), began=lambda name: status.update(f"looking at {name} …")
        ):
            topics.append(topic)
            if not as_json:
                findings.print_topic(out, topic)
    if as_json:
        typer.echo(json_shown(findings.as_json(topics)))
    else:
        out.print(f"\n{findings.summary(topics)}")
    if findings.counts(topics)["problem"]:
        raise typer.Exit(1)
