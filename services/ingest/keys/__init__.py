"""Who may ask: API keys, kept as hashes, each with a name and a role."""
