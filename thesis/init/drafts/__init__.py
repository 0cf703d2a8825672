"""What is drafted: roles, schema, prompts, contrasts, sizes."""
