"""People change a password, or choose a new one when they have forgotten theirs."""
