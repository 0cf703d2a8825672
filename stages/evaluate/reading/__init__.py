"""From the text of a completion to a profile: parsed strictly, repaired, or why there is none."""
