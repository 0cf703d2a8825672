"""The macros of `thesis claims --latex`, compiled by pdflatex."""

import shutil
import subprocess

import pytest

from tests.slow.test_latex import NEEDS, PDFLATEX
from tests.tiny import ROOT
from thesis.claims.running import run_latex

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.skipif(PDFLATEX is None, reason=NEEDS)]

TEXT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{amssymb}
\input{claims}
\begin{document}
\section{About \claim{race-white}}
\claimsentence{race-white} \claim{%s}
\end{document}
"""


def compiled(folder, name):
    (folder / "text.tex").write_text(TEXT % name, "utf-8")
    command = [str(PDFLATEX), "-interaction=nonstopmode", "-halt-on-error", "text.tex"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("claims.yaml", "params.yaml", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("metrics", "benchmarks", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert run_latex(tmp_path / "claims.tex")
    return tmp_path


def test_numbers_and_sentences_compile_in_text_and_headings(folder):
    done = compiled(folder, "n-people")
    assert done.returncode == 0, done.stdout


def test_an_unknown_name_stops_latex(folder):
    done = compiled(folder, "nobody")
    assert done.returncode != 0
    assert "claims.yaml has no claim nobody" in done.stdout
