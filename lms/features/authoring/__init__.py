"""Trainers see their courses; courses are checked, loaded and exported."""
