"""The tables of the page and of the thesis: one module for each question."""
