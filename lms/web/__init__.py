"""How it is shown: access, errors, forms, headers, shared templates."""
