"""One's own particulars and addresses, and asking for another name or State."""
