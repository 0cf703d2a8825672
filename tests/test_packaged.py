"""`pip install .` takes along what the page and the report read beside their code."""

import tomllib
from fnmatch import fnmatch

from tests.project import ROOT


def test_every_file_beside_the_code_is_installed() -> None:
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    patterns = setuptools["package-data"]["*"]
    files = [
        file
        for package in ("stages", "thesis")
        for file in (ROOT / package).rglob("*.*")
        if file.is_file() and file.suffix not in (".py", ".pyc")
    ]
    assert {file.suffix for file in files} >= {".css", ".jinja", ".js"}
    assert [file for file in files if not any(fnmatch(file.name, pattern) for pattern in patterns)] == []
