"""The same project as that of the imports."""

from tests.importing.conftest import project, texts

__all__ = ["project", "texts"]
