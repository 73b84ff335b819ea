"""Files of people: bytes to a table, its columns and values, and back to a file."""
