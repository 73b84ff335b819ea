"""What is taught: the course format. Text in, values out; no database, no web."""
