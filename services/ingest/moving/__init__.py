"""Articles of another site: taken in with their old dates and addresses, and told to nobody."""
