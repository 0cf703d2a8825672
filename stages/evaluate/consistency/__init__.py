"""Consistency: does an arm answer a prompt alike, and how much do source and condition change?

It imports `chance`, `values`, `intervals` and what is a tie in `contrasts`; only what puts the study together
may import it.
"""
