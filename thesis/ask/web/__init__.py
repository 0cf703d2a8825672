"""`thesis ask --web`: the same session as a page, on this computer alone."""

from thesis.ask.web.serving import serve

__all__ = ["serve"]
