"""Open a session on the project's folder."""

from collections.abc import Callable
from pathlib import Path

from stages.common.files import read_json, sha256_of
from stages.common.llm.bases import load_base_entry
from stages.common.llm.devices import pick_device
from stages.common.llm.loading import add_adapters, load_base, load_tokenizer
from stages.common.llm.template import prompt_ids
from stages.common.params import load_params
from stages.common.prompts import load_asked_prompts
from stages.common.records import CONDITIONS
from stages.common.schema import load_schema
from stages.generate.params import GenerateParams
from stages.shell.checked import check_draws
from thesis.ask.prompts import asked_prompts
from thesis.ask.session import Session

ADAPTERS = {condition: Path("models/adapters") / condition for condition in CONDITIONS}


def open_session(say: Callable[[str], None]) -> Session:
    """Load everything once.

    Args:
        say: called with a line about each slow step.

    Raises:
        UserError: if params.yaml, the schema or the prompts have a mistake, or the weights are missing.
    """
    params, schema = load_params(GenerateParams, section="generate"), load_schema()
    asked = asked_prompts(load_asked_prompts(schema), schema)
    name, base = load_base_entry()
    device = pick_device()
    notices = {c: notice for c, folder in ADAPTERS.items() if (notice := _unusable(folder, name))}
    usable = {c: folder for c, folder in ADAPTERS.items() if c not in notices}
    say(f"Loading {name} on {device}")
    tokenizer, model = load_tokenizer(name, base), load_base(name, base, device, None).eval()
    prompts = [prompt_ids(tokenizer, base.template, prompt.text) for prompt in asked]
    check_draws(model, prompts, params.max_new_tokens)
    say(f"Loading the adapters {' and '.join(usable)}")
    return Session(
        base_name=name,
        base=base,
        model=add_adapters(model, usable) if usable else model,
        tokenizer=tokenizer,
        schema=schema,
        params=params,
        asked=asked,
        adapter_sha256={c: sha256_of(folder) for c, folder in usable.items()},
        notices=list(notices.values()),
    )


def _unusable(folder: Path, base_name: str) -> str | None:
    """The reason why an adapter cannot be asked; None if it can."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        return f"{folder}: no adapter there; train it: dvc repro (or fetch it: dvc pull)"
    trained_on = read_json(manifest)["base"]["name"]
    if trained_on != base_name:
        said = f"trained on {trained_on}, but params.yaml says base: {base_name}"
        return f"{folder}: {said}; train it again: dvc repro"
    return None
