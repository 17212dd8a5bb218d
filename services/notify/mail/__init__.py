"""What a mail says and what it looks like, byte for byte the same each time it is made.

Pure: no Redis, no network. Takes the content of an alert, a delivery and a member; gives a mail."""
