"""The tables of the page and of the thesis; a module holds those of one question."""
