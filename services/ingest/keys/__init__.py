"""Who may ask: API keys, each with a name and a role.

Promises that a key is stored only as a hash, and that the audit trail knows each key that was made.
May use audit. Whether a role may take a step is decided in lifecycle.
"""
