"""People sign in and out, choose the role they work as, and set a first password."""
