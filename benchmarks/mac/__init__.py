"""What a Mac, or another computer, does in a few minutes: speed, memory, and whether its losses are right."""
