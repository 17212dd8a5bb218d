"""Years pass: the whole system, with the clock of the day moved under it."""
