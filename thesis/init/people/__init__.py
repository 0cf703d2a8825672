"""Who is who in the two files."""
