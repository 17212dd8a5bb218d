"""Bytes to an article, or to all that is wrong with it, each with its field and the way out.

Pure: no Redis, no network, no disk."""
