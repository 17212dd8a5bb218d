"""The site on disk: written under locks, served, kept whole; the flows of render's events.

Promises that a file is replaced whole, and by nothing older than what it shows. May use all rooms
of render below it; not search."""
