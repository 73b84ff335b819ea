"""My data: a copy of it, its erasure, and how long things are kept."""
