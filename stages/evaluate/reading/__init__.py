"""From the text of a completion to a profile: parsed strictly, repaired, or why there is none.

It imports no other room; cells alone import it, and `thesis ask`, which shows what was read.
"""
