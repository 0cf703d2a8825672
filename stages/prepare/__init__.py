"""Raw JSON files to prompts and completions, split by person."""
