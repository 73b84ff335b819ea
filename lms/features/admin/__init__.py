"""Administrators see whether all is well; operators keep the database."""
