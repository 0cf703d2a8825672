"""Read the profile in a completion's text: parsed strictly, repaired, or why there is none.

`thesis ask` uses it too, to show what was read.
"""
