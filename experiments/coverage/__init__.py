"""How often do intervals hold the truth? Simulated arms whose truth is known."""
