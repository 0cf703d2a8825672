"""`make release`: fill `release/store/`, the DVC remote that git carries."""
