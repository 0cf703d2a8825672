"""The project of the tests of imports."""

from tests.importing.conftest import project, texts

__all__ = ["project", "texts"]
