"""Officers take quizzes and evaluations, and see their results."""
