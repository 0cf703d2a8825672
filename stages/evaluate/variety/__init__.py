"""Variety: does an arm repeat itself, recite its training data, or recall the people in it?

It imports `chance`, `values` and `intervals`; `contrasts` and what puts the study together may import it.
"""
