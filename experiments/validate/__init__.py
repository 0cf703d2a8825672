"""Test on simulated arms, without a model, whether the evaluation finds what is there and nothing else."""
