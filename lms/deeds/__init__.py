"""What follows: writes that several features share. Each takes the open session and `now`."""
