"""Trainers correct keys: rehearse what would change, then regrade."""
