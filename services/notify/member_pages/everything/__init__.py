"""Everything that is kept of one member, as one document for the member. Reads all that
docs/privacy.md marks «medlemmer», and changes nothing."""
