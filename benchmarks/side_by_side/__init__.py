"""Our work beside what others would use for it: the same data and weights, in turns."""
