"""The real browser of the slow tests, and what they need of this machine."""

import shutil
from importlib.resources import files
from importlib.util import find_spec

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = "axe_playwright_python"
"""The package that carries axe-core."""
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
needs_axe = pytest.mark.skipif(
    find_spec(AXE) is None, reason="needs axe-playwright-python: pip install -e '.[dev]'"
)


def axe_script() -> str:
    """The script of axe-core, which looks for what people with disabilities cannot use."""
    return files(AXE).joinpath("axe.min.js").read_text("utf-8")
