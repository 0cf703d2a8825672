"""Find what training taught: the loss of each field of unseen people, against plain frequencies."""
