"""One arm against another: declared, tested by permutation, with what could be found.

It imports what it takes statistics from (`format`, `bias`, `variety`, `values`), `chance` and `intervals`;
`consistency` and `words` may import it, what puts the study together, and `params` the declarations.
"""
