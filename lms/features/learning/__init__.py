"""Officers take a place, read lessons and see how far they have come."""
