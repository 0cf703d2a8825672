"""Fidelity: how far shares, pairs of fields, numbers and rare levels are from the dataset's.

It imports `chance`, `values` and `intervals`; only what puts the study together may import it.
"""
