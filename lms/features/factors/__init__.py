"""People prove again who they are, and show the second factor of their sign-in."""
