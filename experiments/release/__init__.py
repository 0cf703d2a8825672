"""`make release`: put the artifacts of the current run into `release/store/`, the DVC remote that git carries."""
