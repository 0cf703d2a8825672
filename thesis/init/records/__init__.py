"""The two files as they are given."""
