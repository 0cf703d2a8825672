"""The command `thesis`: one file of this folder, or one package, for each of its commands."""

import typer

from stages.shell.errors import run
from thesis.ask.command import ask
from thesis.doctor.command import doctor
from thesis.importing.command import import_export
from thesis.init.command import init
from thesis.prompts import prompts

app = typer.Typer(
    name="thesis",
    help="Prompts for chat pages and their answers, a simple interface, your data, a look at the machine.",
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


def main() -> None:
    """A person's mistake ends with its message and code 1, Ctrl-C with 130."""
    run(app)
