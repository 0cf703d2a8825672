"""One arm against another: declared before looking, tested by permutation, with what could be found."""
