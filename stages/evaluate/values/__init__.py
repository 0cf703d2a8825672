"""The values of profiles as numbers: codes of levels, quarters of people, how unlike two profiles are."""
