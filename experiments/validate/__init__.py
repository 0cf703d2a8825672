"""Does the evaluation find what is there, and nothing else? On simulated arms, without a model."""
