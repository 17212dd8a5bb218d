"""`varsel notice`, and the file that somebody fills in for it."""
