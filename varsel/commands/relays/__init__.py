"""`varsel relay`, and the mail that it sends."""
