"""Completions -> profiles -> what every arm follows, keeps, repeats and shifts.

A room is a package of measures that answer one question, or a module that they share. It imports only
from its own line and from the lines above:

    arrays, references, rows            types of arrays, the people compared with, the rows of all tables
    units, declared                     which draws are independent, the contrasts of params.yaml
    params                              the section `evaluate` of params.yaml
    reading                             a completion's text -> a profile
    chance                              what chance gives
    values, intervals                   values as numbers; how sure a number is
    cells                               the draws of one arm under one prompt
    format, fidelity, bias, variety     measures of one arm
    contrasts                           one arm against another
    learning                            what training taught, from the losses of unseen people
    consistency, words                  what the answers of all arms share, and which words mark them
    conversations, totals, tables       what conversations leave out; sums over rows; rows as tables
    headline                            the numbers to look at first
    families, writing                   the list of all measures; the files
    study                               the one pure function of the stage

One metric family is one module. Its function takes a cell or all cells and yields rows; `families.py`
lists them.
"""
