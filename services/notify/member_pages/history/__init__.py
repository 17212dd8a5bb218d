"""What became of each alert for one member, in words that are true.

Reads ledgers and changes none; never says that a mail arrived, since nobody knows."""
