"""Bias in words: which words mark a group of texts, and how many texts use words of a list.

It imports `chance`, `intervals` and the pairs of `contrasts`; only what puts the study together
may import it.
"""
