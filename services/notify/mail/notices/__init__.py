"""What the mail of a notice to members says, as of a breach of their data. Pure."""
