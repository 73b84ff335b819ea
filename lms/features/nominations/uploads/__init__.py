"""Files of people: rehearsed first, then applied row by row in the background."""
