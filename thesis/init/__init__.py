"""A first schema, params and prompts for two files of one's own."""
