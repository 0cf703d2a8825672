"""The command `thesis ask`."""

from typing import Annotated

import typer

PORT = 7860

Text = Annotated[str | None, typer.Argument(help="The prompt; - reads it from standard input.")]
PromptId = Annotated[str | None, typer.Option(help="Id of a prompt in data/prompts.yaml, instead of a text.")]
Arms = Annotated[
    list[str] | None,
    typer.Option(help="base, original or augmented; repeat the option for several. Default: all."),
]
Draws = Annotated[int | None, typer.Option(help="Answers per arm. Default: 1.")]
FirstDraw = Annotated[int | None, typer.Option(help="Number of the first draw. Default: 1.")]
Temperature = Annotated[
    float | None,
    typer.Option(help="Above 0; 1 is the model's own distribution. Default: from params.yaml."),
]
Seed = Annotated[int | None, typer.Option(help="Seed of the noise, 0 or more. Default: from params.yaml.")]
Constrained = Annotated[bool, typer.Option("--constrained", help="Write only profiles that fit the schema.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts, and nothing else.")]
Save = Annotated[bool, typer.Option("--save", help="Keep the answers under data/external/.")]
Web = Annotated[bool, typer.Option("--web", help="Open a page in the browser, on this computer only.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port of the page.")]


def ask(
    text: Text = None,
    prompt: PromptId = None,
    arm: Arms = None,
    draws: Draws = None,
    first_draw: FirstDraw = None,
    temperature: Temperature = None,
    seed: Seed = None,
    constrained: Constrained = False,
    as_json: AsJson = False,
    save: Save = False,
    web: Web = False,
    port: Port = PORT,
) -> None:
    """Ask the base model and both adapters, side by side.

    Without a prompt, choose one from a list or type one, as often as you like. The base and the adapters
    are loaded once. With the settings of params.yaml, draw 1 equals the first draw of `generate`.

    \b
    Example:
      thesis ask
      thesis ask "Write the profile of a nurse as JSON."
      thesis ask --prompt free-profile --draws 3 --temperature 0.7
      thesis ask --prompt free-profile --arm original --arm augmented --save
      thesis ask --json - < prompt.txt > answers.json
      thesis ask --web
    """
    from thesis.ask.running import Output, Question, answer, open_page  # lazily: `thesis --help` is quick

    given = {"draws": draws, "first_draw": first_draw, "temperature": temperature, "seed": seed}
    question = Question(
        text=text,
        prompt_id=prompt,
        arms=arm or [],
        settings={name: value for name, value in given.items() if value is not None},
        constrained=constrained,
    )
    output = Output(as_json=as_json, save=save)
    if web:
        open_page(question, output, port)
    else:
        answer(question, output)
