"""Import answers: read an export, recognize the prompts, show the answers, ask, write."""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import typer
from tqdm import tqdm

from stages.collect.params import CollectParams
from stages.common.look import CHATS
from stages.common.params import load_params
from stages.common.phrases import many
from stages.common.prompts import load_asked_prompts
from stages.common.schema import load_schema
from stages.shell.errors import UserError, mistakes
from thesis.importing.archive import opened, outside
from thesis.importing.claude_parts import Frames, conversation_files, is_beside, missing_parts
from thesis.importing.known import known_answers
from thesis.importing.products import files_to_read, turns_of, wanted
from thesis.importing.recognizing import Expected, expected_texts
from thesis.importing.results import results_of
from thesis.importing.showing import as_json, not_taken, show
from thesis.importing.turns import Turn, Unread
from thesis.importing.writing import write_all
from thesis.importing.zips import MAX_TOTAL_BYTES, Export
from thesis.pasting.attaching import excerpts


def run_import(file: Path, source: str, *, yes: bool, exact_only: bool, dry_run: bool, in_json: bool) -> None:
    """See the command's help."""
    expected, product = _expected(source), CHATS[source]
    place = outside(file, Path.cwd())
    with opened(place, wanted, is_beside) as export:
        turns = chain([Unread.ZIP] * export.n_unopened, missing_parts(export), _turns(export, place, source))
        found = results_of(turns, expected, known_answers(source), Frames(export.members).texts)
    if not found.conversations:
        raise mistakes(
            f"{file}: holds no conversation of {product} that could be read",
            not_taken(found),
            "Is it from the right account, and newer than the conversations?",
        )
    new, written = found.new(exact_only), list[Path]()
    if not in_json:
        show(found, expected, source, exact_only)
    out = sys.stderr if in_json else sys.stdout
    if not new:
        print("There is nothing to write.", file=out)
    elif dry_run or not (yes or _agreed(len(new), source)):
        print("Nothing was written" + (" (--dry-run)." if dry_run else "."), file=out)
    else:
        written = write_all(new, source, product, export.sha256)
        n = many(len(written), "answer")
        print(f"{n} written below data/external/{source}. Next: dvc repro", file=out)
    if in_json:
        print(as_json(found, expected, exact_only, export.sha256, written))


def _expected(source: str) -> list[Expected]:
    params = load_params(CollectParams, section="collect")
    if source not in params.sources:
        raise UserError(f"params.yaml: collect.sources does not name {source}: add it there")
    schema = load_schema()
    try:
        people = excerpts(params)
    except UserError:  # not prepared yet: attached files are recognized by their names alone
        people = {}
    return expected_texts(load_asked_prompts(schema), schema, params.excerpt_records, people)


def _turns(export: Export, place: Path, source: str) -> Iterator[Turn | str]:
    there = conversation_files(export, place)
    members = files_to_read(there, place, source)
    size = sum(member.size for member in members)
    if size > MAX_TOTAL_BYTES:
        raise UserError(f"{place}: {size / 1e9:.1f} GB; at most {MAX_TOTAL_BYTES / 1e9:.1f} GB are read")
    attached = [member for member in there if member not in members]
    with tqdm(total=size, unit="B", unit_scale=True, desc="Reading", leave=False, disable=None) as bar:
        yield from turns_of(members, attached, source, bar.update)


def _agreed(n: int, source: str) -> bool:
    """Ask on the terminal; without one, the answer is no."""
    if not _is_terminal():
        print(
            "Not written, because there is no terminal to ask at: --yes writes without asking.",
            file=sys.stderr,
        )
        return False
    question = f"Write {many(n, 'answer')} below data/external/{source}?"
    try:
        return typer.confirm(question, default=False, err=True)
    except typer.Abort:  # Ctrl-C, which ends every command with 130
        print("\nNothing was written.", file=sys.stderr)
        raise KeyboardInterrupt from None


def _is_terminal() -> bool:
    return sys.stdin.isatty()
