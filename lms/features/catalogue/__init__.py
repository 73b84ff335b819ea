"""Anybody finds a course and sees what it asks and gives."""
