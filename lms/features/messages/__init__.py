"""What people are told: their own list, the mail, and the words of it."""
