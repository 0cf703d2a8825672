"""The command `thesis`: each of its commands is one file or one package of this folder."""

import typer

from stages.shell.errors import run
from thesis.archive.command import archive
from thesis.ask.command import ask
from thesis.claims.command import claims
from thesis.diff.command import diff
from thesis.doctor.command import doctor
from thesis.importing.command import import_export
from thesis.init.command import init
from thesis.prompts import prompts
from thesis.verify.command import verify

app = typer.Typer(
    name="thesis",
    help="Check machine and artifacts, ask the models, add chat answers, use your own data, compare runs.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def thesis() -> None:
    """Run it from the project's folder."""


app.command()(prompts)
app.command(name="import")(import_export)
app.command()(doctor)
app.command()(ask)
app.command()(init)
app.command()(diff)
app.command()(verify)
app.command()(claims)
app.command()(archive)


def main() -> None:
    """Run the command. A person's mistake ends with its message and code 1, Ctrl-C with 130."""
    run(app)
