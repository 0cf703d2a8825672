"""`thesis verify`: what an examiner can check, in tiers from seconds to hours."""
