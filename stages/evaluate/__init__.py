"""Completions -> profiles -> what every arm follows, keeps, repeats and shifts.

One metric family is one module with its rows and one function of a cell (an arm under
a prompt) or of all cells; `families.py` lists them.
"""
