"""Backups: one sealed file with all that a system is, taken while it works.

Promises that a file that was written has been loaded and looked at, that whoever left by the copy
of Redis has left by its journal too, and that nobody reads it without the recipient's identity.
Writes nothing to the system.
"""
