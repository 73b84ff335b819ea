"""Invented officers with plausible histories, to show and to try the platform with."""
