"""Officers hold certificates; anybody checks one."""
