"""`thesis archive`: one zip with everything, which can be checked without us; and the way back to a clone."""
