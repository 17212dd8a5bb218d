"""What articles are found by in the newsroom, however many there are and whatever their state."""
