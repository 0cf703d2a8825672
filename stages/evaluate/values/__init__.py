"""The values of profiles as numbers: codes of levels, quarters of people, how unlike two profiles are.

It imports `chance` alone; every room of measures may import it, and cells take from it the ranges of numbers
and what of a profile is content.
"""
