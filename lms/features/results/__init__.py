"""How the questions of a course work, what officers learnt, and what they say of it."""
