"""Trainers give points to texts."""
