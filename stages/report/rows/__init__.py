"""The rows of the tables that the report reads: one module a question."""
