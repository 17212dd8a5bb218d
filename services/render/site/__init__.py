"""The site on disk: written under locks, served, kept whole; the flows of render's events."""
