"""The command's steps: load, compare, write what was asked for, print."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from stages.common.files import write_text
from stages.common.shown import json_shown
from stages.shell.errors import mistakes
from thesis.claims import showing
from thesis.claims.checking import check_claims, check_pages, printed_now, sentences_now
from thesis.claims.manifest import CLAIMS, load_manifest
from thesis.claims.reading import Results


class Study:
    """claims.yaml and the results, compared."""

    def __init__(self) -> None:
        self.manifest, self.results = load_manifest(), Results()
        self.checked = [*check_claims(self.manifest, self.results)]
        self.printed = printed_now(self.manifest, self.checked)
        self.pages = [*check_pages(self.manifest, self.printed)]
        self.sentences = sentences_now(self.manifest, self.printed)

    def passes(self, *, exact: bool) -> bool:
        """Whether all claims pass; `exact`: with the digits of the text, which the pages have too."""
        words = {one.word for one in self.checked}
        if exact:
            words |= {one.word for one in self.pages} | ({"fail"} if "moved" in words else set())
        return "fail" not in words

    def refuse_failing(self, file: Path) -> None:
        """Stop unless every claim passes: a text must not be made of numbers that are not there."""
        failing = [f"{one.name}: {one.told}" for one in self.checked if one.word == "fail"]
        if failing:
            head = f"{file}: not written, as {len(failing)} of {len(self.checked)} claims fail"
            raise mistakes(head, failing, showing.remedy(self.checked))


def run_check(*, exact: bool, as_json: bool) -> bool:
    """Print pass or fail for each claim; whether all pass."""
    study = Study()
    if as_json:
        print(json_shown(showing.as_json(study.checked, study.pages, study.manifest)))
    else:
        console = Console(highlight=False, markup=False)
        showing.print_checked(console, study.checked, study.pages)
        showing.print_unsupported(console, study.manifest)
        console.print(f"\n{showing.summary(study.checked, study.pages)}", soft_wrap=True)
    return study.passes(exact=exact)


def run_update() -> bool:
    """Bring claims.yaml and the pages up to date, print what changed, and check again."""
    from thesis.claims.updating import update

    showing.print_changes(Console(highlight=False, markup=False), update(load_manifest(), Results()))
    return run_check(exact=True, as_json=False)


def run_sentences() -> bool:
    """Print the sentences of the thesis with their numbers."""
    study = Study()
    showing.print_sentences(Console(highlight=False, markup=False), study.sentences)
    return study.passes(exact=False)


def run_latex(file: Path) -> bool:
    """Write the macros."""
    from thesis.claims.latex import macros

    study = Study()
    study.refuse_failing(file)
    write_text(file, macros(study.printed, study.sentences))
    print(f"{file}: {len(study.printed)} numbers and {len(study.sentences)} sentences")
    return True


def run_repro(file: Path) -> bool:
    """Write the claims in the format of `reproducible-science`."""
    from thesis.claims.second import as_repro

    study = Study()
    study.refuse_failing(file)
    text, left_out = as_repro(study.manifest, study.results, study.sentences)
    write_text(file, text)
    print(
        f"{file}: {len(study.checked) - len(left_out)} claims; not carried: {', '.join(left_out) or 'none'}"
    )
    return True


def run_text(file: Path, *, as_json: bool) -> bool:
    """List the numbers of a manuscript that no claim binds; whether there is none."""
    from thesis.claims.manuscript.counting import count_numbers
    from thesis.claims.manuscript.reading import read_manuscript

    manuscript, study = read_manuscript(file), Study()
    _refuse_unknown(file, manuscript.macros, study.printed)
    asked = {*study.manifest.claims, file.as_posix()}
    templates = [(name, sentence) for name, sentence in study.manifest.sentences() if name in asked]
    counted = count_numbers(
        manuscript.text, templates, study.printed, study.manifest.elsewhere, manuscript.macros
    )
    if as_json:
        print(json_shown(asdict(counted)))
    else:
        showing.print_counted(Console(highlight=False, markup=False), counted, manuscript.unit)
    return counted.is_clean


def _refuse_unknown(file: Path, macros: list[str], printed: Mapping[str, str]) -> None:
    unknown = [name for name in dict.fromkeys(macros) if name not in printed]
    if unknown:
        raise mistakes(
            f"{file}: no claims have these names:", unknown, f"Correct them, or add them to {CLAIMS}"
        )
