"""Pages about the site: help, accessibility, privacy, terms; signs of life."""
