"""Commands for people; they import stages, and no stage imports them."""
