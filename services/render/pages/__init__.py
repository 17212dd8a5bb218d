"""What each page says, as HTML. Pure."""
