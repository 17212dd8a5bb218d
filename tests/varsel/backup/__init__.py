"""Backups: the cut, the file, and what is said of it."""
