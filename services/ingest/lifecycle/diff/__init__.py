"""What differs between two revisions. Pure."""
