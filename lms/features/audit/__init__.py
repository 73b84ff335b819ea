"""The audit log: read, taken out, and checked."""
