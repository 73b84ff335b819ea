"""Where people are signed in, and ending it; an administrator's help at the door."""
