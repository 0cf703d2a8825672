"""`thesis import`: the study's answers out of an official export of a chat product, and nothing else."""
