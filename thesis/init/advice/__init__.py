"""What the person should look at."""
