"""Format: are draws profiles, with all fields, allowed values, no broken rule, and what the prompt asked for?

It imports `chance`, `values` and `intervals`; `contrasts` and what puts the study together may import it.
"""
