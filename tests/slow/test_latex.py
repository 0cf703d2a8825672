"""Every table of a report, and the worst that models may write, compiled by pdflatex."""

import shutil
import subprocess

import pytest

from stages.report.latex import to_latex
from stages.report.table import Column, Entry, Table

PDFLATEX = shutil.which("pdflatex")
PACKAGES = ["lmodern.sty", "booktabs.sty", "amssymb.sty"]
NEEDS = "needs pdflatex with booktabs and lmodern: apt-get install texlive-latex-recommended lmodern"


def ready():
    """Whether pdflatex and what a table asks for are installed; a bare pdflatex lacks booktabs."""
    found = [
        subprocess.run(["kpsewhich", name], capture_output=True, check=False) for name in PACKAGES if PDFLATEX
    ]
    return PDFLATEX is not None and all(done.returncode == 0 for done in found)


HEAD = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern,booktabs,amssymb}
\begin{document}
\tiny
"""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.skipif(not ready(), reason=NEEDS)]


def compiled(folder, tables):
    """The log of pdflatex, which stops at the first error."""
    for name, latex in tables.items():
        (folder / f"{name}.tex").write_text(latex, "utf-8")
    text = HEAD + "\n".join(rf"\input{{{name}}}\clearpage" for name in tables) + "\n\\end{document}\n"
    (folder / "all.tex").write_text(text, "utf-8")
    command = [str(PDFLATEX), "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    log = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, log[-2000:]
    assert (folder / "all.pdf").stat().st_size > 1000
    return (folder / "all.log").read_text("utf-8", "replace")


def test_the_tables_of_a_report_compile(project, tmp_path):
    files = sorted((project.folder / "reports/tables").glob("*.tex"))
    assert len(files) > 5
    log = compiled(tmp_path, {file.stem: file.read_text("utf-8") for file in files})
    assert "Missing character" not in log


def test_whatever_a_model_writes_compiles(tmp_path):
    hostile = [
        r"\end{tabular}\input{/etc/passwd} & % # $ _ { } ~ ^ \\ ",
        "".join(map(chr, range(0x20, 0x250))),
        "“quoted” – 中文 🙂 \u202e \x00 a\u0301 ▲ ▼ ≥ ≤ × ÷ − → … η κ ½",
        "one\n\n\ntwo",
        "[1cm] x",
        "* y",
    ]
    table = Table("t", "", [Column("wörds & %")], [[Entry(text)] for text in hostile])
    assert "Missing character" not in compiled(tmp_path, {"hostile": to_latex(table)})
