"""The command `thesis claims`."""

from pathlib import Path
from typing import Annotated

import typer

Latex = Annotated[
    Path | None, typer.Option(help=r"Write macros to this file: \claim{name} prints the number.")
]
Text = Annotated[
    Path | None, typer.Option(help="List the numbers of this .tex, .md or .docx file that no claim binds.")
]
Repro = Annotated[
    Path | None, typer.Option(help="Write the claims for the checker of PyPI's reproducible-science.")
]
Sentences = Annotated[bool, typer.Option("--sentences", help="Print the sentences with their numbers.")]
Update = Annotated[
    bool, typer.Option("--update", help="Take the values of the last run, here and in the project's pages.")
]
Exact = Annotated[
    bool, typer.Option("--exact", help="Also fail where a value within its tolerance prints other digits.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]


def claims(
    update: Update = False,
    latex: Latex = None,
    sentences: Sentences = False,
    text: Text = None,
    repro: Repro = None,
    exact: Exact = False,
    as_json: AsJson = False,
) -> None:
    """Compare the numbers of the thesis (claims.yaml) with the results, one by one.

    Ends with code 1 if a claim fails, or if --text finds a number that no claim binds.

    \b
    Example:
      thesis claims
      thesis claims --update
      thesis claims --latex thesis/claims.tex
      thesis claims --text thesis/thesis.docx
    """
    from thesis.claims import running  # lazily, so that `thesis --help` is quick

    modes = {"--update": update, "--latex": latex, "--sentences": sentences, "--text": text, "--repro": repro}
    if len(given := [name for name, one in modes.items() if one]) > 1:
        raise typer.BadParameter(f"give one of {' and '.join(given)}")
    if update:
        passes = running.run_update()
    elif latex:
        passes = running.run_latex(latex)
    elif sentences:
        passes = running.run_sentences()
    elif text:
        passes = running.run_text(text, as_json=as_json)
    elif repro:
        passes = running.run_repro(repro)
    else:
        passes = running.run_check(exact=exact, as_json=as_json)
    if not passes:
        raise typer.Exit(1)
