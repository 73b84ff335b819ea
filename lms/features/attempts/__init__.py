"""Trainers and coordinators look after attempts: more time, another attempt, late answers."""
