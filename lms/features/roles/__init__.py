"""Administrators give roles to people, confirm what another one has given, and end them."""
