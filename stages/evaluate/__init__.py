"""Completions -> profiles -> what every arm follows, keeps, repeats and shifts.

A room holds the measures of one question, or what measures stand on. It imports only rooms above it:

    reading                             a completion's text -> a profile
    chance                              what chance alone gives
    values, intervals                   values as numbers; how far off a number may be
    format, fidelity, bias, variety     of one arm
    contrasts                           one arm against another
    learning                            what training taught, from the losses of unseen people
    consistency, words                  of all arms: what their answers share, and which words mark them

Beside the rooms stand the cells and rows that all of them share (`params`, `references`, `units`, `cells`,
`rows`: they import little of a room), and what puts the study together (`conversations`, `families`,
`headline`, `study`, `tables`, `writing`). One metric family is one module with one function of a cell (an
arm under a prompt) or of all cells; `families.py` lists them.
"""
