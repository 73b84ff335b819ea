"""The completion report of one course, on screen and as a file, from one query."""
