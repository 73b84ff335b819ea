"""Coordinators open activities of a course."""
