"""One figure, one module: a function of the inputs that draws it, for the page and for the thesis."""
