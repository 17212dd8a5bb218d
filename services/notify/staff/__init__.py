"""The people who work here, as far as mail goes: an address for each, sealed, and word of what they
are to know. Who they are and what they may do only ingest knows: here a person is an id."""
