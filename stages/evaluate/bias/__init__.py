"""Bias in fields: who appears, and which fields go together with the protected ones.

It imports `chance`, `values` and `intervals`; `contrasts` and what puts the study together may import it.
"""
