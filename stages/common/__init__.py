"""What stages share: records, parameters, files, seeds, the profile schema, prompts."""
