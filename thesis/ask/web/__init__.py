"""`thesis ask --web`: the same session as a page, on this computer only."""
